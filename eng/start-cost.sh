#!/usr/bin/env bash
# Starts the system as the README says, on an empty data folder, and prints how long it took until all was healthy, and what each program
# takes when it has been idle for a minute: proportional memory (PSS) and processor time since its start, summed over its processes.
# Wants the ports of the README free, and a build. Ends the system again.
# Usage: eng/start-cost.sh [FOLDER OF A CLONE]   (by default this one; an older commit's is measured alike)
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

work=$(mktemp -d)
log=$work/log
finish() {
  # It may have ended by itself, and its group with it.
  [ -z "${host:-}" ] || kill -TERM -- "-$host" 2>/dev/null || true
  [ -z "${host:-}" ] || while kill -0 -- "-$host" 2>/dev/null; do sleep 0.2; done
  rm -rf "$work"
}
trap finish EXIT

started=$(date +%s.%N)
# The older name of the setting is for commits before Local: was there.
setsid dotnet run --no-build --project ImageEditor.AppHost -- "--Local:DataDirectory=$work/data" "--DataDirectory=$work/data" >"$log" 2>&1 </dev/null &
host=$!
until grep -q 'All resources are healthy\|all resources are healthy' "$log"; do
  kill -0 "$host" 2>/dev/null || { cat "$log"; exit 1; }
  sleep 0.1
done
awk -v from="$started" -v to="$(date +%s.%N)" 'BEGIN { printf "healthy after %.1f s\n", to - from }'
sleep 60

# Everything that was started since, whoever its parent is by now: its folder or its arguments tell.
for process in /proc/[0-9]*; do
  # Processes that have ended since the list was made are left out.
  command=$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) || continue
  case $command in
    *"$work"* | *"$PWD/artifacts/bin/"* | *aspire.hosting.orchestration* | *Aspire.Dashboard* | 'node . ' | 'postgres: '*) ;;
    *) continue ;;
  esac
  case $command in
    *aspire.hosting.orchestration*) name='orchestrator (DCP)' ;;
    *Aspire.Dashboard*) name=dashboard ;;
    *postgres*) name=postgres ;;
    *redis-server*) name=redis-server ;;
    node*) name=$(basename "$(readlink "$process/cwd")") ;;
    "dotnet run"*) continue ;;
    *) name=$(basename "${command%% *}") ;;
  esac
  memory=$(awk '/^Pss:/ { print $2 }' "$process/smaps_rollup" 2>/dev/null) || continue
  [ -z "$memory" ] || awk -v name="$name" -v memory="$memory" '{ sub(/.*\) /, ""); print name "\t" memory "\t" ($12 + $13) / 100 }' "$process/stat"
done | awk -F '\t' '
  { count[$1]++; memory[$1] += $2 / 1024; time[$1] += $3; total += $2 / 1024; spent += $3 }
  END {
    for (name in count) printf "%s ×%d\t%.0f MB\t%.1f s\n", name, count[name], memory[name], time[name]
    printf "~ in all\t%.0f MB\t%.1f s\n", total, spent
  }' | sort | column -t -s "$(printf '\t')"
