"""Runs ours, the floor and the peers one after the other, each in a fresh process, and writes the table.

Usage: run.py --data FOLDER --bin FOLDER --out RESULTS.md [--repeat N] [--units N,N] [--no-peers] [--peers-up-to N]

Wall time and peak memory are those of the process as the kernel counts them. The first run of each kind warms the
page cache and is thrown away. The floor is the decoding of the four columns, by the same library on two threads.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

COLUMNS = ["--outcome", "y", "--unit", "unit", "--time", "time", "--first-treated", "first_treated"]
METHODS = {
    "callaway-santanna": ["--control", "not-yet"],
    "event-study": [],
    "sun-abraham": [],
    "imputation": [],
    "did": [],
    "did, 500 clusters": ["--cluster", "cluster"],
}
PEERS = {
    "callaway-santanna": ["cs_diff_diff", "cs_csdid"],
    "imputation": ["imputation_diff_diff"],
    "did": ["did_pyfixest"],
    "event-study": ["event_study_pyfixest"],
}
LIMIT = 150


def measured(command: list[str]) -> tuple[float, float, str]:
    """Returns seconds, peak MB of this one child, and what it printed."""
    read, write = os.pipe()
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.close(read)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.execv(command[0], command)
    os.close(write)
    with os.fdopen(read) as pipe:
        printed = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return seconds, usage.ru_maxrss / 1024, printed


def several(command: list[str], repeat: int) -> dict:
    runs = [measured(command) for _ in range(repeat + 1)][1:]
    seconds = [run[0] for run in runs]
    return {
        "min": min(seconds),
        "median": statistics.median(seconds),
        "mb": max(run[1] for run in runs),
        "printed": runs[-1][2],
        "command": command,
    }


def peer(python: str, here: pathlib.Path, path: pathlib.Path, name: str) -> dict:
    command = [python, str(here / "peer.py"), str(path), name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"over {LIMIT} s"}
    if done.returncode != 0:
        last = done.stderr.strip().splitlines() or ["no words"]
        return {"failed": last[-1][:120]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def processor() -> str:
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def versions(python: str) -> str:
    code = (
        "import importlib.metadata as m\n"
        "print(', '.join(f'{n} {m.version(n)}' for n in ('pyfixest','diff-diff','csdid','pandas','pyarrow','numpy')))"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "not installed"


def main() -> None:
    parse = argparse.ArgumentParser()
    parse.add_argument("--data", type=pathlib.Path, required=True)
    parse.add_argument("--bin", type=pathlib.Path, required=True)
    parse.add_argument("--out", type=pathlib.Path, required=True)
    parse.add_argument("--repeat", type=int, default=7)
    parse.add_argument("--units", default="100000,1000000")
    parse.add_argument("--no-peers", action="store_true")
    parse.add_argument("--peers-up-to", type=int, default=1_000_000)
    parse.add_argument("--peer-python", default=sys.executable)
    args = parse.parse_args()
    here = pathlib.Path(__file__).parent
    load = os.getloadavg()[0]
    ours_bin, floor_bin = str(args.bin / "counterpart"), str(args.bin / "examples/decode_floor")
    after_bin = str(args.bin / "examples/after_the_pass")
    lines = []

    def say(text: str = "") -> None:
        lines.append(text)
        print(text, flush=True)

    say("# Results")
    say()
    say("Written by `cargo xtask peers`; do not edit. What is measured and what was learnt stands in [README.md](README.md).")
    say()
    say(f"- date: {datetime.date.today().isoformat()}")
    say(f"- machine: {processor()}, {os.cpu_count()} cores, load {load:.1f} when it began")
    say("- ours: " + subprocess.run([ours_bin, "--version"], capture_output=True, text=True, check=True).stdout.strip())
    if not args.no_peers:
        say(f"- peers: Python {platform.python_version()}, {versions(args.peer_python)}")
    say(f"- ours and the floor: median (minimum) of {args.repeat} fresh processes, two threads; peers: load + second call")
    if load > 0.5:
        say()
        say("**The machine was not idle**: ratios against the floor of the same run say more than seconds.")
    carried = json.loads((here / "carried.json").read_text())["rows"]
    for units in [int(text) for text in args.units.split(",")]:
        path = args.data / f"panel_{units}.parquet"
        if not path.exists():
            continue
        floor = several([floor_bin, str(path)], args.repeat)
        say()
        say(f"## {units:,} units × 10")
        say()
        say(f"Floor, decoding the four columns: {floor['median']:.3f} s ({floor['min']:.3f}), {floor['mb']:.0f} MB.")
        say()
        say("| workload | ours, s | × floor | MB | peer | peer, s | ratio |")
        say("|---|--:|--:|--:|---|--:|--:|")
        for name, options in METHODS.items():
            method = name.split(",")[0]
            command = [ours_bin, "estimate", str(path), "--method", method, *COLUMNS, *options, "--json", "--threads", "2"]
            own = several(command, args.repeat)
            estimate = json.loads(own["printed"])["estimates"][0]["estimate"]
            head = (
                f"| {name} | {own['median']:.3f} ({own['min']:.3f}) | "
                f"{own['median'] / floor['median']:.2f} ({own['min'] / floor['min']:.2f}) | {own['mb']:.0f} |"
            )
            rows = []
            if not args.no_peers and units <= args.peers_up_to:
                for function in PEERS.get(name, []):
                    found = peer(args.peer_python, here, path, function)
                    label = function.split("_", 1)[1].replace("study_", "").replace("_", "-")
                    if "failed" in found:
                        rows.append(f" {label} | {found['failed']} | |")
                        continue
                    total = found["load"] + found["second"]
                    same = ", same estimate" if abs(found["estimate"] - estimate) < 1e-6 * abs(estimate) else ""
                    rows.append(f" {label}{same} | {total:.2f} | {total / own['median']:.0f} |")
            for row in carried:
                if row["workload"] == name and row["units"] == units:
                    rows.append(f" {row['peer']} (carried) | {row['seconds']} | {row['seconds'] / own['median']:.0f} |")
            say(head + (rows[0] if rows else " | | |"))
            for row in rows[1:]:
                say("| | | | |" + row)
        for kind in ("unsorted", "unbalanced"):
            other = args.data / f"{kind}_{units}.parquet"
            if not other.exists():
                continue
            below = several([floor_bin, str(other)], args.repeat)
            command = [ours_bin, "estimate", str(other), "--method", "callaway-santanna", *COLUMNS, "--control", "not-yet"]
            own = several([*command, "--json", "--threads", "2"], args.repeat)
            say(
                f"| callaway-santanna, {kind} (floor {below['median']:.3f}) | {own['median']:.3f} ({own['min']:.3f}) | "
                f"{own['median'] / below['median']:.2f} ({own['min'] / below['min']:.2f}) | {own['mb']:.0f} | | | |"
            )
    say()
    say("## After the pass")
    say()
    say("```text")
    say(measured([after_bin])[2].strip())
    say("```")
    say()
    say("## Commands")
    say()
    say("```sh")
    path = "target/bench/panel_1000000.parquet"
    for name, options in METHODS.items():
        method = name.split(",")[0]
        say(" ".join(["counterpart estimate", path, "--method", method, *COLUMNS, *options, "--json --threads 2"]))
    say(f"target/release/examples/decode_floor {path}")
    for functions in PEERS.values():
        for function in functions:
            say(f"python3 bench/peers/peer.py {path} {function}")
    say("```")
    args.out.write_text("\n".join(lines) + "\n")


main()
