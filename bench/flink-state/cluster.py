"""A standalone cluster of Flink as it is distributed: a job manager and two task managers of one slot."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request

TASK_MANAGERS = 2
OPENED = ("lang", "util", "util.concurrent", "time", "net", "io", "nio")
ENTRY_POINT = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
CLIENT = "org.apache.flink.client.cli.CliFrontend"
HEAP_MB = 512
START_SECONDS = 600


def free_port():
    with socket.socket() as bound:
        bound.bind(("localhost", 0))
        return bound.getsockname()[1]


def java(heap_mb, class_path, *arguments):
    opened = [f"--add-opens=java.base/java.{each}=ALL-UNNAMED" for each in OPENED]
    return ["java", f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", *opened, "-cp", class_path, *arguments]


class Cluster:
    """Lies in a folder, logs too; `with` ends its processes. `more_heap_mb`: of a task manager."""

    def __init__(self, folder, class_path, managed_mb, more_heap_mb, settings):
        self.folder = folder
        self.class_path = class_path
        self.rest_port = free_port()
        self.processes = []
        heap_mb = HEAP_MB + more_heap_mb
        tmp = os.path.join(folder, "tmp")
        os.makedirs(tmp)
        configuration = {
            "jobmanager.rpc.address": "localhost",
            "jobmanager.rpc.port": free_port(),
            "rest.address": "localhost",
            "rest.port": self.rest_port,
            "metrics.fetcher.update-interval": "500",
            "taskmanager.host": "localhost",
            "taskmanager.numberOfTaskSlots": 1,
            "parallelism.default": TASK_MANAGERS,
            "io.tmp.dirs": tmp,
            "heartbeat.timeout": "60 s",
            # Flink's scripts would work out all of these.
            "taskmanager.cpu.cores": 1,
            "taskmanager.memory.framework.heap.size": "128 mb",
            "taskmanager.memory.framework.off-heap.size": "128 mb",
            "taskmanager.memory.jvm-metaspace.size": "256 mb",
            "taskmanager.memory.jvm-overhead.min": "192 mb",
            "taskmanager.memory.jvm-overhead.max": "192 mb",
            "taskmanager.memory.task.heap.size": f"{heap_mb - 128} mb",
            "taskmanager.memory.task.off-heap.size": "0 b",
            "taskmanager.memory.network.min": "64 mb",
            "taskmanager.memory.network.max": "64 mb",
            "taskmanager.memory.managed.size": f"{managed_mb} mb",
            **settings,
        }
        with open(os.path.join(folder, "config.yaml"), "w", encoding="utf-8") as file:
            file.writelines(f"{key}: {value}\n" for key, value in configuration.items())
        self._start(HEAP_MB, ENTRY_POINT)
        for _ in range(TASK_MANAGERS):
            self._start(heap_mb, TASK_MANAGER)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _start(self, heap_mb, program):
        log = os.path.join(self.folder, f"process-{len(self.processes)}.log")
        command = java(heap_mb, self.class_path, program, "--configDir", self.folder)
        with open(log, "w", encoding="utf-8") as out:
            self.processes.append(
                subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=subprocess.STDOUT)
            )

    def rest(self, path):
        with urllib.request.urlopen(f"http://localhost:{self.rest_port}{path}") as answer:
            return json.load(answer)

    def await_slots(self):
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                if self.rest("/overview")["slots-available"] == TASK_MANAGERS:
                    return
            except OSError:
                pass  # not listening yet
            ended = any(process.poll() is not None for process in self.processes)
            if ended or time.monotonic() > until:
                raise RuntimeError(f"the cluster does not come up; see {self.folder}")
            time.sleep(0.2)

    def submit(self, jar, program, script):
        """Runs a program of the jar in a process of its own, which ends with its job."""
        command = java(HEAP_MB, self.class_path, CLIENT, "run", "-t", "remote")
        command += ["-c", program, jar, script]
        environment = {**os.environ, "FLINK_CONF_DIR": self.folder}
        with open(os.path.join(self.folder, "client.log"), "w", encoding="utf-8") as out:
            client = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        self.processes.append(client)
        return client

    def cpu_seconds(self):
        """Of the task managers, until now."""
        ticks = 0
        for process in self.processes[1 : 1 + TASK_MANAGERS]:
            with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
                ticks += sum(int(each) for each in file.read().rpartition(")")[2].split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")
