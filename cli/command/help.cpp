#include "cli/command/help.h"

#include <array>
#include <utility>

namespace castor::cli {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

// A line that begins in the first column and ends with a colon is a heading.
constexpr std::array<Entry, 19> kTexts = {{
    {"", R"text(Castor runs Apache Flink SQL natively.

Usage:
  castor <command> [options]

Jobs:
  run          run a script, or a compiled job
  compile      plan a script once and keep the plan in a file
  explain      show what a script will do, as a tree

Running jobs:
  list         show the jobs that run on this machine
  status       show one job
  savepoint    save a job's state; the job goes on
  stop         save a job's state and stop it
  cancel       end a job without saving

Platform:
  platform     serve deployments: jobs that are kept running and upgraded
  apply        make a deployment what a file says
  diff         show what apply would change
  get          show deployments
  events       show what was wanted and done
  logs         show what a deployment's job says
  rollback     go back to a version that has worked

Other:
  planner      the background process that plans scripts: start, stop, status
  completion   print completions for bash or zsh
  help         explain a command: castor help run
  version      print the version

Examples:
  castor run job.sql                     run until the input ends, or Ctrl-C
  castor run -e 'SELECT 1 + 1'           SQL from the command line
  castor stop top_bidders --to saves/    stop the job, keeping its state
  castor run job.sql --from saves/       go on where it stopped

Exit codes:
  0    finished, or stopped with a savepoint
  1    the job failed while running
  2    the command line, the script, an option or a table is wrong
  3    valid SQL that is not supported; the error names what
  4    the snapshot is damaged, or does not fit the job
  5    the planner or the worker is missing, or does not answer
  130  cancelled
)text"},
    {"run", R"text(Run a script, or a compiled job, until its input ends.

Usage:
  castor run <file> [options]
  castor run -e <sql> [options]

All INSERTs of the script run as one job; the rows of its SELECT, if it has one,
go to standard output. Everything else (status, errors, summary) goes to
standard error: a live view on a terminal, else a line every ten seconds.
A file is a script or a job made by `castor compile`; `-` is standard input.

Options:
  -e, --execute <sql>         SQL instead of a file
  -p, --parallelism <n>       subtasks per operator
      --set <key>=<value>     an option, with Flink's name; may be repeated
      --output <form>         rows of a SELECT as table, changelog, json or csv
      --name <name>           name of the job; the default is the file's
  -q, --quiet                 errors only

State:
      --checkpoint-dir <dir>  where checkpoints are kept
      --checkpoint-interval <time>
                              time between checkpoints: 10s, 500ms, 1min
      --from <snapshot>       start from a savepoint or checkpoint, or from the
                              latest one in that folder
      --claim-mode <mode>     who deletes that snapshot: you (no_claim, the
                              default) or the job, as one of its own (claim)
      --allow-non-restored-state
                              leave behind state that no operator takes

Resources:
      --memory <size>         limit for state and buffers: 512mb, 2gb
      --metrics-port <port>   serve Prometheus metrics on localhost

Ctrl-C cancels the job; a second one ends it at once. To stop a job so that it
can go on later, use `castor stop` from another shell.

Settings given here are set before the script's own. What shapes the plan
(table.*) is the script's to decide: setting it to something else is an error.

Examples:
  castor run job.sql
  castor run job.sql -p 4 --set table.exec.state.ttl='1 h'
  castor run job.sql --checkpoint-dir state/ --checkpoint-interval 10s
  castor run job.sql --from state/ --claim-mode claim
  castor run job.json --memory 512mb --metrics-port 9249
  castor run -q --output json report.sql > report.jsonl

Exit codes:
  0 finished or stopped, 1 failed, 2 wrong input, 3 not supported,
  4 bad snapshot, 5 planner or worker missing, 130 cancelled
)text"},
    {"compile", R"text(Plan a script once and keep the plan in a file.

Usage:
  castor compile <file> [-o <file>] [options]

The job bundle runs with `castor run job.json` on a machine that has no Java.
It is JSON: it may be kept in version control and compared.

Options:
  -o, --output <file>      where to; `-` is standard output, the default is the
                           script's name with .json, in this folder
  -e, --execute <sql>      SQL instead of a file
      --set <key>=<value>  an option, with Flink's name; may be repeated
      --name <name>        name of the job; the default is the file's
  -q, --quiet              errors only

Examples:
  castor compile job.sql
  castor compile job.sql -o plans/job.json --set table.exec.state.ttl='1 d'
  castor compile - -o - < job.sql | jq .operators
)text"},
    {"explain", R"text(Show what a script, or a compiled job, will do.

Usage:
  castor explain <file> [--flink]

The plan is a tree: sinks at the top, below each operator what it reads, with
its state and how long that is kept. Nothing is executed.

Options:
      --flink              Flink's own EXPLAIN texts instead
  -e, --execute <sql>      SQL instead of a file
      --set <key>=<value>  an option, with Flink's name; may be repeated

Examples:
  castor explain job.sql
  castor explain --flink job.sql
)text"},
    {"list", R"text(Show the jobs that run on this machine.

Usage:
  castor list [--json]

Only jobs of the same user are seen.

Options:
      --json  an array of objects, for programs

Examples:
  castor list
  castor list --json | jq -r '.[].name'
)text"},
    {"status", R"text(Show one running job: rows, watermark, checkpoints, state, busiest operator.

Usage:
  castor status [<job>]

A job is named by its id, the beginning of its id, or its name. Without one, the
only job that runs is meant.

Examples:
  castor status
  castor status top_bidders
)text"},
    {"savepoint", R"text(Save the state of a running job. The job goes on.

Usage:
  castor savepoint [<job>] [--to <dir>] [--type <type>]

The path of the savepoint is printed on standard output. A savepoint holds all
that is needed; it can be moved and copied, and restored at any parallelism.

Options:
      --to <dir>  the folder in which to make the savepoint's folder; the
                  default is the job's execution.checkpointing.savepoint-dir
      --type <type>  canonical (default): any version can read it; native: the
                  files that the state lies in, which is faster

Examples:
  castor savepoint top_bidders --to saves/
  castor run job.sql --from "$(castor savepoint --to saves/)"
)text"},
    {"stop", R"text(Save the state of a running job and stop it.

Usage:
  castor stop [<job>] [--to <dir>] [--type <type>] [--drain]

What the job has read up to the savepoint is written and committed; nothing is
lost or doubled when it goes on from there.

Options:
      --to <dir>  the folder in which to make the savepoint's folder; the
                  default is the job's execution.checkpointing.savepoint-dir
      --type <type>  canonical (default) or native, as of castor savepoint
      --drain     as if the input had ended: all windows fire. For a job that
                  will not go on.

Examples:
  castor stop --to saves/
  castor stop 4f2a91 --to saves/ --drain
)text"},
    {"cancel", R"text(End a running job without saving.

Usage:
  castor cancel [<job>]

Its last checkpoint stays if it was told where to keep checkpoints and to retain
them (execution.checkpointing.externalized-checkpoint-retention).

Examples:
  castor cancel top_bidders
)text"},
    {"platform", R"text(Serve Castor Platform: deployments that look after themselves.

Usage:
  castor platform --data-dir <dir> [options]
  castor platform backup --data-dir <dir> --to <folder>
  castor platform restore --from <folder> --data-dir <dir>

A deployment says what is wanted: a script, and whether it should run. The
platform starts it, restarts it when it dies, upgrades it with its state, and
keeps its savepoints and history. Jobs are processes of their own: they go on
while the server is away. It runs until Ctrl-C.

The first start makes the user admin and prints a password, which has to be
changed at the first login. Commands of the same user on this machine, such as
castor apply, need no password: they read <dir>/local.token.

A backup is taken while the platform runs, into a folder that is not there yet.
It has what the platform knows, and its savepoints, but no checkpoints. Restored
into another data directory, jobs that ran go on from their newest savepoints as
soon as it is served: end the old platform and its jobs before.

Options:
      --data-dir <dir>        where everything is kept; made if it is not there
      --port <port>           to listen on; the default is 8080, 0 takes any
                              free one
      --flink-home <dir>      a distribution of Apache Flink 2, for deployments
                              that need it; the default is $CASTOR_FLINK_HOME
      --flink-state-backend <jar>  Gemini for Flink; the default is
                              $CASTOR_FLINK_STATE_BACKEND, else the one in lib/
                              of that folder or in this checkout
      --listen <address>      the default is 127.0.0.1, which only this machine
                              reaches; 0.0.0.0 is all its addresses
      --tls-cert <file>       PEM; with it and --tls-key it speaks HTTPS
      --tls-key <file>        PEM

Examples:
  castor platform --data-dir ~/castor
  castor platform backup --data-dir ~/castor --to ~/backups/monday
  castor get
)text"},
    {"apply", R"text(Make a deployment what a file says.

Usage:
  castor apply -f <file> [options]

The file is YAML or JSON, with the fields of the API. A deployment that is not
there is created; what the file does not mention stays as it is. Applied twice,
a file changes nothing. Exit code 1 says that what is wanted cannot be.

Options:
  -f, --file <file>           - for standard input
      --wait                  return when it is so, or cannot be
      --timeout <seconds>     how long to wait at most; the default is 300
      --server <address>      of the platform; the default is $CASTOR_PLATFORM,
                              else http://127.0.0.1:8080
  -n, --namespace <name>      the default is "default"
      --token-file <file>     whose token to ask with; the default is
                              $CASTOR_TOKEN, else the local token of a server of
                              this machine
      --data-dir <dir>        of a server of this machine, if it is not found by
                              its port

Examples:
  castor apply -f deployment.yaml --wait
)text"},
    {"diff", R"text(Show what apply would change.

Usage:
  castor diff -f <file> [options]

Exit code 0 says that nothing would be changed, 1 that something would.

Options:
  -f, --file <file>           - for standard input
      --server <address>      of the platform; the default is $CASTOR_PLATFORM,
                              else http://127.0.0.1:8080
  -n, --namespace <name>      the default is "default"
      --token-file <file>     whose token to ask with; the default is
                              $CASTOR_TOKEN, else the local token of a server of
                              this machine
      --data-dir <dir>        of a server of this machine, if it is not found by
                              its port

Examples:
  castor diff -f deployment.yaml
)text"},
    {"get", R"text(Show deployments.

Usage:
  castor get [<deployment>] [options]

All of the namespace, or the one with that name.

Options:
      --json                  as the API has them
      --server <address>      of the platform; the default is $CASTOR_PLATFORM,
                              else http://127.0.0.1:8080
  -n, --namespace <name>      the default is "default"
      --token-file <file>     whose token to ask with; the default is
                              $CASTOR_TOKEN, else the local token of a server of
                              this machine
      --data-dir <dir>        of a server of this machine, if it is not found by
                              its port

Examples:
  castor get
  castor get top_bidders --json
)text"},
    {"events", R"text(Show what was wanted of deployments, and what was done.

Usage:
  castor events [<deployment>] [options]

Oldest first, of one deployment or all of the namespace.

Options:
      --watch                 go on with those to come, until Ctrl-C
      --server <address>      of the platform; the default is $CASTOR_PLATFORM,
                              else http://127.0.0.1:8080
  -n, --namespace <name>      the default is "default"
      --token-file <file>     whose token to ask with; the default is
                              $CASTOR_TOKEN, else the local token of a server of
                              this machine
      --data-dir <dir>        of a server of this machine, if it is not found by
                              its port

Examples:
  castor events top_bidders --watch
)text"},
    {"logs", R"text(Show what a deployment's job says.

Usage:
  castor logs <deployment> [options]

The end of what the last attempt of its newest job has written.

Options:
      --server <address>      of the platform; the default is $CASTOR_PLATFORM,
                              else http://127.0.0.1:8080
  -n, --namespace <name>      the default is "default"
      --token-file <file>     whose token to ask with; the default is
                              $CASTOR_TOKEN, else the local token of a server of
                              this machine
      --data-dir <dir>        of a server of this machine, if it is not found by
                              its port

Examples:
  castor logs top_bidders
)text"},
    {"rollback", R"text(Go back to a version that has worked.

Usage:
  castor rollback <deployment> [options]

The earlier version becomes the newest. It goes on from the state with which the
version that it replaces began; what that one has done since is left behind.

Options:
      --to-version <n>        instead of the last that has worked
      --wait                  return when it is so, or cannot be
      --timeout <seconds>     how long to wait at most; the default is 300
      --server <address>      of the platform; the default is $CASTOR_PLATFORM,
                              else http://127.0.0.1:8080
  -n, --namespace <name>      the default is "default"
      --token-file <file>     whose token to ask with; the default is
                              $CASTOR_TOKEN, else the local token of a server of
                              this machine
      --data-dir <dir>        of a server of this machine, if it is not found by
                              its port

Examples:
  castor rollback top_bidders --wait
)text"},
    {"planner", R"text(The background process that plans scripts.

Usage:
  castor planner start | stop | status

It runs Flink's own planner, needs Java 17, starts by itself when a script is
planned, and leaves when it has been idle for ten minutes. Starting it early
makes the first script fast.

Examples:
  castor planner start
  castor planner status
)text"},
    {"completion", R"text(Print completions for a shell.

Usage:
  castor completion bash | zsh

Examples:
  source <(castor completion bash)
  castor completion bash > ~/.local/share/bash-completion/completions/castor
)text"},
    {"version", R"text(Print the version.

Usage:
  castor version
)text"},
}};

constexpr std::string_view kBashCompletion = R"text(# Completions of castor, for bash.
_castor() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]} options= login="--token-file --data-dir"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "run compile explain list status savepoint stop cancel \
platform apply diff get events \
logs rollback planner completion help version" -- "$word"))
    return
  fi
  case $before in
    --output)
      if [ "$command" = run ]; then
        COMPREPLY=($(compgen -W "table changelog json csv" -- "$word"))
        return
      fi ;;
    --from | --checkpoint-dir | --to | --data-dir) compopt -o dirnames; return ;;
    --token-file | --tls-cert | --tls-key) compopt -o default; return ;;
    --claim-mode)
      COMPREPLY=($(compgen -W "no_claim claim" -- "$word"))
      return ;;
  esac
  case $command in
    run) options="-e -p --set --output --name -q --checkpoint-dir --checkpoint-interval \
--from --claim-mode --allow-non-restored-state --memory --metrics-port --help" ;;
    compile) options="-o -e --set --name -q --help" ;;
    explain) options="--flink -e --set --help" ;;
    list) options="--json --help" ;;
    savepoint) options="--to --type --help" ;;
    stop) options="--to --type --drain --help" ;;
    platform) options="backup restore --data-dir --port --listen --tls-cert --tls-key --flink-home \
--flink-state-backend --to --from --help" ;;
    apply) options="--file --wait --timeout --server --namespace $login --help" ;;
    diff) options="--file --server --namespace $login --help" ;;
    get) options="--json --server --namespace $login --help" ;;
    events) options="--watch --server --namespace $login --help" ;;
    logs) options="--server --namespace $login --help" ;;
    rollback) options="--to-version --wait --timeout --server --namespace $login --help" ;;
    planner) COMPREPLY=($(compgen -W "start stop status" -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "bash zsh" -- "$word")); return ;;
    help) COMPREPLY=($(compgen -W "run compile explain list status savepoint stop cancel \
platform apply diff get events \
logs rollback planner completion version" -- "$word")); return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *)
      case $command in
        status | savepoint | stop | cancel)
          COMPREPLY=($(compgen -W "$(castor list 2>/dev/null | awk 'NR > 1 { print $1, $2 }')" \
            -- "$word")) ;;
        *) compopt -o default ;;
      esac ;;
  esac
}
complete -F _castor castor
)text";

bool IsHeading(std::string_view line) {
  return line.ends_with(':') && !line.starts_with(' ') && line.size() < 20;
}

}  // namespace

std::string HelpText(std::string_view command, const Style& style) {
  for (const auto& [name, text] : kTexts) {
    if (name != command) continue;
    std::string styled;
    for (size_t start = 0; start < text.size();) {
      const size_t end = text.find('\n', start);
      const std::string_view line = text.substr(start, end - start);
      styled += IsHeading(line) ? style.Bold(line) : std::string(line);
      styled += '\n';
      start = end + 1;
    }
    return styled;
  }
  return "";
}

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const auto& [name, text] : kTexts) {
    if (!name.empty()) names.emplace_back(name);
  }
  names.emplace_back("help");
  return names;
}

std::string CompletionScript(std::string_view shell) {
  if (shell == "bash") return std::string(kBashCompletion);
  // zsh reads bash's completions.
  if (shell == "zsh") {
    return "autoload -U +X bashcompinit && bashcompinit\n" + std::string(kBashCompletion);
  }
  return "";
}

}  // namespace castor::cli
