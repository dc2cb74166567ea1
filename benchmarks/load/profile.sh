#!/usr/bin/env bash
# Records a scenario of run.sh with perf, from the launch of a JVM or later, and prints what profile.py makes of it.
#
#   profile.sh --delay 45 'java -jar app.jar' --port 8090 --pub ws --format json --windows 4 --runs 2 --duration 30 fanout
#
# --delay S   seconds from the launch that are not recorded. Everything behind the launch line goes to run.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
delay=
if [ "${1:-}" = --delay ]; then delay=$2; shift 2; fi
launch=${1:?the launch line of a JVM is needed}; shift
mkdir -p "$here/out"
recording=$here/out/profile.perf
export JAVA_TOOL_OPTIONS="-XX:+UnlockDiagnosticVMOptions -XX:+PreserveFramePointer -XX:+DumpPerfMapAtExit"
"$here/run.sh" --name profile --launch "perf record -q -F 999 -g -e cpu-clock ${delay:+-D $((delay * 1000))} -o $recording $launch" "$@"
"$here/profile.py" "$recording"
