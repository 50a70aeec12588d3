"""`python -m benchmarks [expression] [reading] [lists] [search] [recommend] [tables] [desk]
[sound] [scan]`: measure, print a table, keep JSON."""

from __future__ import annotations

import argparse
import json
import socket
from pathlib import Path
from typing import Any

from benchmarks import desk, expression, lists, recommend, scan, search, served, sound, tables
from benchmarks.numbers import machine

RESULTS = Path(__file__).parent / "results"
ALL = ["expression", "reading", "lists", "search", "recommend", "tables", "desk", "sound", "scan"]
CATALOGUES = (1_000, 100_000, 1_000_000)


def keep(name: str, results: dict[str, Any]) -> None:
    """Write `results/<name>.json`, with the machine and the command that repeats it."""
    RESULTS.mkdir(exist_ok=True)
    whole = {"command": f"python -m benchmarks {name}", "machine": machine(), **results}
    (RESULTS / f"{name}.json").write_text(json.dumps(whole, indent=1) + "\n")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def bench_reading() -> None:
    kinds = ["embedded"]
    if answers(5432) and answers(6379):
        kinds.append("services")
    else:
        print("PostgreSQL and Redis do not both answer on 127.0.0.1: only the embedded stack.")
    results = {}
    for kind in kinds:
        results[kind] = served.measure(kind)
        reading = results[kind]["reading"]
        print(
            f"reading, {kind:<9} p50 {reading['p50_ms']:>7} ms   p95 {reading['p95_ms']:>7} ms"
            f"   (n={reading['n']}, 640x480 JPEG, POST to end)"
        )
        byte = results[kind]["first_byte"]
        print(
            f"first byte, {kind:<9} p50 {byte['p50_ms']} ms   most {byte['most_ms']} ms"
            f"   (n={byte['n']}, songs never played before)"
        )
        for name, memory in results[kind]["memory_mb"].items():
            print(f"memory,  {kind:<9} {name:<18} RSS {memory['rss']:>4} MB   "
                  f"PSS {memory.get('pss', '-'):>4} MB")  # fmt: skip
        print(
            f"start,   {kind:<9} ready {results[kind]['start_ready_s']} s, "
            f"warm {results[kind]['start_warm_s']} s"
        )
    keep("reading", results)


def bench_lists() -> None:
    results = {}
    for songs in CATALOGUES:
        result = lists.measure(songs)
        results[str(songs)] = result
        print(
            f"list, {songs:>7} songs   p50 {result['p50_ms']:>7} ms   p95 {result['p95_ms']:>7} ms"
            f"   first {result['first_ms']} ms   (n={result['n']}, POST /api/v1/lists;"
            f" processor p95 {result['processor']['p95_ms']} ms)"
        )
        after = result["after_ratings"]
        print(
            f"  after {lists.RATED} ratings   p50 {after['p50_ms']:>7} ms"
            f"   p95 {after['p95_ms']:>7} ms   (processor p95 {after['processor']['p95_ms']} ms)"
        )
    keep("lists", results)


def bench_desk() -> None:
    results = desk.measure(100_000)
    for name, line in results.items():
        if isinstance(line, dict) and "p95_ms" in line:
            words = name.replace("_", " ")
            print(
                f"desk, {words:<20} p50 {line['p50_ms']:>7} ms   p95 {line['p95_ms']:>7} ms"
                f"   (n={line['n']}; processor p95 {line['processor']['p95_ms']} ms)"
            )
    edit = results["bulk_edit"]
    print(
        f"desk, {edit['songs']:,} songs changed in {edit['apply_s']} s, undone in"
        f" {edit['undo_s']} s; the map's page takes {results['map_kb']} kB"
    )
    keep("desk", results)


def bench_search() -> None:
    kinds = ["sqlite"]
    if answers(5432):
        kinds.append("postgresql")
    else:
        print("PostgreSQL does not answer on 127.0.0.1: only SQLite.")
    results = {}
    for kind in kinds:
        results[kind] = search.measure(kind)
        for name, line in [("all", results[kind]["all"]), *results[kind]["kinds"].items()]:
            print(
                f"search, {kind:<10} {name:<15} p50 {line['p50_ms']:>6} ms"
                f"   p95 {line['p95_ms']:>6} ms   (n={line['n']}, {search.SONGS:,} songs,"
                f" GET /api/v1/songs?q=; web process p95 {line['processor']['p95_ms']} ms)"
            )
        for name, line in results[kind]["browsing"].items():
            print(
                f"browse, {kind:<10} {name:<22} p50 {line['p50_ms']:>6} ms"
                f"   p95 {line['p95_ms']:>6} ms   (n={line['n']}, GET /music/)"
            )
    keep("search", results)


def bench_expression() -> None:
    results = expression.measure()
    if not results["sizes"]:
        print("No labelled photographs (MOODMUSIC_DATA): only the memory of the reader.")
    for size, readers in results["sizes"].items():
        for name, line in readers.items():
            if line is None:
                print(f"photograph, {size} {name:<5} could not be installed here")
                continue
            print(
                f"photograph, {size} {name:<5} p50 {line['p50_ms']:>6} ms   p95 {line['p95_ms']:>6}"
                f" ms   found {line['found']:.3f}   right {line['right']:.3f}   (n={line['n']})"
            )
    memory = results["memory"]
    print(
        f"memory,  {memory['readings']} readings   {memory['after_500_mb']} MB after 500,"
        f" {memory['at_end_mb']} MB at the end"
    )
    keep("expression", results)


def bench_recommend(*, large: bool) -> None:
    results = {what: recommend.measure(what) for what in ("refold", "training")}
    for width, lines in results["refold"]["factors"].items():
        for name, line in lines.items():
            print(
                f"{name:<6}, 3 x {width:>3} factors   p50 {line['p50_ms']:>5} ms   "
                f"p95 {line['p95_ms']:>5} ms   processor p95 {line['processor']['p95_ms']:>5} ms"
                f"   (n={line['n']}, {recommend.KNOWN} known songs)"
            )
    line = results["training"]
    print(
        f"training, {line['events']:,} events   {line['ours_s']} s, bare implicit {line['bare_s']}"
        f" s: {line['ratio']} times (processor {line['processor_ratio']})"
        f"   with all three starts and the walk {line['three_starts_and_walk_s']} s"
    )
    if large:
        line = results["large"] = recommend.measure("large")
        print(
            f"training, {line['events']:,} events   {line['all_s']} s   peak {line['peak_gb']} GB"
        )
    keep("recommend", results)


def bench_tables() -> None:
    kinds = ["sqlite", "postgresql"] if answers(5432) else ["sqlite"]
    results = {}
    for kind in kinds:
        result = results[kind] = tables.measure(kind)
        for what in ("import", "again", "export"):
            line = result[what]
            print(
                f"{what:<6}, {result['rows']:,} songs, {kind:<10} {line['seconds']:>6} s"
                f"   (processor {line['processor_s']} s, load before {result['load_before']})"
            )
    keep("tables", results)


def bench_sound() -> None:
    results = sound.measure()
    line = results["speed"]
    print(
        f"measuring audio   {line['processor_s_per_measured_minute']} s of a processor a minute"
        f" (most {line['most_per_measured_minute']}), {line['processor_s_per_track_minute']} a"
        f" minute of 4-minute songs   two hours {line['two_hours']['processor_s']} s"
        f"   RSS {line['most_rss_mb']} MB"
    )
    line = results["fingerprints"]
    for name in sound.COPIES:
        print(
            f"fingerprints, {name:<16} found {line[name]['found']:.3f}   distance most"
            f" {line[name]['most']} (n={line['pieces']})"
        )
    print(
        f"fingerprints, false matches {line['false_matches']} of {line['pairs']} pairs, nearest"
        f" {line['nearest_other_song']} (same below {line['same_below']})"
    )
    keep("sound", results)


def bench_scan(files: int) -> None:
    results = scan.measure(files)
    if results["songs"] != files:
        raise SystemExit(f"{results['songs']} songs came of {files} files")
    for what in ("import", "again"):
        line = results[what]
        print(
            f"scan, {what:<6} {files:,} files ({results['megabytes']} MB)   {line['seconds']:>6} s"
            f"   {line['files_per_s']} files/s   (processor {line['processor_s']} s,"
            f" load before {results['load_before']})"
        )
    if files == scan.FILES:
        keep("scan", results)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what", nargs="*", choices=[*ALL, []], metavar="WHAT", help=f"of {', '.join(ALL)}"
    )
    parser.add_argument(
        "--large", action="store_true", help="recommend: 16.5 million events too, half an hour"
    )
    parser.add_argument(
        "--files", type=int, default=scan.FILES, metavar="N",
        help=f"scan: another number of files than {scan.FILES:,}; its results are not kept",
    )  # fmt: skip
    options = parser.parse_args()
    what = options.what or ALL
    print("machine: " + ", ".join(f"{name} {value}" for name, value in machine().items()))
    if "expression" in what:
        bench_expression()
    if "reading" in what:
        bench_reading()
    if "lists" in what:
        bench_lists()
    if "desk" in what:
        bench_desk()
    if "search" in what:
        bench_search()
    if "recommend" in what:
        bench_recommend(large=options.large)
    if "tables" in what:
        bench_tables()
    if "sound" in what:
        bench_sound()
    if "scan" in what:
        bench_scan(options.files)


if __name__ == "__main__":
    main()
