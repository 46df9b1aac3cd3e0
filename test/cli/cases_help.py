"""Help, version, completion, wrong use."""

import re
import subprocess

COMMANDS = "run compile explain list status savepoint stop cancel platform apply diff get events logs rollback planner completion version"


def test_help_of_every_command(sandbox):
    overview = sandbox.run("--help")
    assert overview.code == 0 and overview.err == "", overview
    for command in COMMANDS.split():
        assert re.search(rf"^  {command} ", overview.out, re.M), command
        by_flag, by_word = sandbox.run(command, "--help"), sandbox.run("help", command)
        assert by_flag.code == 0 and by_flag.out == by_word.out != overview.out, command
        assert command == "version" or "Examples:" in by_flag.out, command
        assert all(len(line) <= 80 for line in by_flag.out.splitlines()), command


def test_every_option_of_run_is_in_its_help(sandbox):
    text = sandbox.run("run", "--help").out
    for option in (
        "--execute --parallelism --set --output --name --quiet --checkpoint-dir --from "
        "--checkpoint-interval --claim-mode --allow-non-restored-state --memory --metrics-port"
    ).split():
        assert option in text, option


def test_colours_only_where_they_are_wanted(sandbox):
    assert "\x1b" not in sandbox.run("--help").out
    assert "\x1b[1mUsage:" in sandbox.terminal("--help").out
    assert "\x1b" not in sandbox.terminal("--help", NO_COLOR="1").out
    assert "\x1b" not in sandbox.terminal("--help", TERM="dumb").out


def test_wrong_use_says_what_is_right(sandbox):
    for arguments, words in (
        ([], "Usage:"),
        (["rum"], "did you mean 'run'?"),
        (["job.sql"], "castor run job.sql"),
        (["run"], "give a file"),
        (["run", "missing.sql"], "missing.sql"),
        (["run", "-p", "0", "x.sql"], "--parallelism"),
        (["run", "--set", "novalue", "x.sql"], "key=value"),
        (["run", "--memory", "lots", "x.sql"], "lots"),
        (["run", "--checkpoint-interval", "soon", "x.sql"], "soon"),
        (["run", "--output", "xml", "x.sql"], "xml"),
        (["run", "--frm", "s", "x.sql"], "--frm"),
        (["run", "x.sql", "-e", "SELECT 1"], "--execute"),
        (["planner"], "subcommand"),
        (["savepoint"], "no job is running"),
        (["help", "nothing"], "no command 'nothing'"),
    ):
        ended = sandbox.run(*arguments)
        assert ended.code == 2 and ended.out == "" and words in ended.err, (arguments, ended)


def test_version(sandbox):
    assert re.fullmatch(r"castor \d+\.\d+\.\d+\n", sandbox.run("version").out)
    assert sandbox.run("--version").out == sandbox.run("version").out


def test_completion_completes(sandbox):
    script = sandbox.run("completion", "bash").out
    ask = (
        'COMP_WORDS=(castor {words}); COMP_CWORD={at}; _castor; echo "${{COMPREPLY[@]}}"'
    )

    def complete(*words):
        text = ask.format(words=" ".join(f"'{word}'" for word in words), at=len(words))
        done = subprocess.run(
            ["bash", "-c", script + text], capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    assert complete("com") == ["compile", "completion"]
    assert complete("run", "--che") == ["--checkpoint-dir", "--checkpoint-interval"]
    assert complete("run", "--output", "j") == ["json"]
    assert complete("planner", "st") == ["start", "stop", "status"]
