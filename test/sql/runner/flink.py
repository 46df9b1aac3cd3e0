"""Asks real Flink (test/oracle), many scripts with one start."""

import os
import subprocess
import tempfile

import engine
import script as scripts


class Answer:
    """`results` as the engine's (name -> changelog), or the `error` of Flink."""

    def __init__(self, results=None, error=""):
        self.results, self.error = results, error


def sections_of(text):
    results, name = {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("=== "):
            name = line[4:]
            results[name] = []
        else:
            results[name].append(line)
    return results


def answers(root, texts, parallelism, settings=()):
    """One Answer for each text."""
    settings = {"parallelism.default": parallelism, **dict(settings)}
    with tempfile.TemporaryDirectory(prefix="castor-flink-") as folder:
        for number, text in enumerate(texts):
            with open(os.path.join(folder, f"{number:05}.sql"), "w", encoding="utf-8") as file:
                file.write(scripts.placed(text, os.path.join(folder, f"out{number:05}")))
        command = [os.path.join(root, "test", "oracle", "oracle"), "--batch", folder, "--changelog"]
        for key, value in settings.items():
            command += ["--set", f"{key}={value}"]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return [answer(folder, f"{number:05}") for number in range(len(texts))]


def answer(folder, number):
    stem = os.path.join(folder, number)
    if os.path.exists(stem + ".error"):
        with open(stem + ".error", encoding="utf-8") as file:
            return Answer(error=file.read().strip())
    if not os.path.exists(stem + ".result"):
        return Answer(error="the oracle has died")
    with open(stem + ".result", encoding="utf-8") as file:
        results = sections_of(file.read())
    results.update(engine.files_below(os.path.join(folder, "out" + number)))
    return Answer(results)
