"""What bench.sh asks for, measured: measure.py WHAT ARGUMENT...

Prints one row of the table per result. What is compared runs in turns in the
same minute, so that a busy machine slows both; the median counts. A row that
is over its target is only marked: the machine may be slow.
"""
import os
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

RUNS = int(os.environ.get("BENCH_RUNS", "15"))
BRIDGE = os.path.join(os.environ["BUILD"], "bridge")
QUIET = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
         (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]


def fail(why):
    sys.exit(f"measure.py: {why}")


def run(words):
    """Milliseconds of one process, from its start to its end."""
    start = time.perf_counter()
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=QUIET)
    status = os.waitpid(pid, 0)[1]
    end = time.perf_counter()
    if status:
        fail(f"'{' '.join(words)}' failed")
    return (end - start) * 1000


def in_turns(*measures, runs=None):
    """The medians of what these functions return; the first turn is left out
    because it only fills caches."""
    taken = [[] for _ in measures]
    for turn in range((runs or RUNS) + 1):
        for measure, times in zip(measures, taken):
            value = measure(turn)
            if turn:
                times.append(value)
    return [statistics.median(times) for times in taken]


def row(what, measured, reference, against, ratio, target, good):
    print(f"{what}\t{measured:.1f} ms\t{against}"
          f"{'' if reference is None else f' {reference:.1f} ms'}"
          f"\t{ratio}\t{target}\t{'ok' if good else 'over'}", flush=True)


def ratio_row(what, measured, reference, against, most):
    ratio = measured / reference
    row(what, measured, reference, against, f"{ratio:.2f} x",
        f"{most:g} x", ratio <= most)


def validate(catalog, floor, files):
    def command(*words):
        return lambda _: run([BRIDGE, "catalog", "validate", *words, catalog])

    plain, head, least = in_turns(command(), command("--rev", "HEAD"),
                                  lambda _: run([floor, catalog]))
    ratio_row(f"validate --rev HEAD, {files} files", head, least,
              "libgit2 + libyaml", 1)
    ratio_row("  and a look at the working tree", plain, least,
              "libgit2 + libyaml", 1.5)


def peak_bytes(words):
    """The largest resident size of one process."""
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=QUIET)
    _, status, usage = os.wait4(pid, 0)
    if status:
        fail(f"'{' '.join(words)}' failed")
    return usage.ru_maxrss * 1024


def size_of(catalog):
    """Files and bytes of text in HEAD, and bytes of packs, which are mapped."""
    listed = subprocess.run(["git", "-C", catalog, "ls-tree", "-rl", "HEAD"],
                            capture_output=True, check=True, text=True)
    sizes = [int(line.split()[3]) for line in listed.stdout.splitlines()]
    packs = os.path.join(catalog, ".git", "objects", "pack")
    return len(sizes), sum(sizes), sum(
        os.path.getsize(os.path.join(packs, name))
        for name in os.listdir(packs))


def growth(small, large):
    """Ten times as many documents: ten times the time, and no more memory
    for each."""
    def words(catalog):
        return [BRIDGE, "catalog", "validate", "--rev", "HEAD",
                catalog]

    (few, few_text, few_packs), (many, many_text, many_packs) = map(
        size_of, (small, large))
    short, long = in_turns(lambda _: run(words(small)),
                           lambda _: run(words(large)), runs=max(3, RUNS // 5))
    ratio = long / short / (many / few)
    row(f"validate --rev HEAD, {many} files", long, short, f"{few} files",
        f"{ratio:.2f} x", f"{many / few:g} files", ratio <= 1.2)
    more = (peak_bytes(words(large)) - peak_bytes(words(small))
            - (many_text - few_text) - (many_packs - few_packs))
    each = more / (many - few)
    print(f"  memory of a document, but for its text\t{each:.0f} B\t"
          f"\t\t1024 B\t{'ok' if each <= 1024 else 'over'}", flush=True)


def show_sizes(small, large):
    """One document, found by its id in a small and in a large catalog."""
    def words(catalog, name):
        return lambda _: run([BRIDGE, "--catalog", catalog, "catalog", "show",
                              name, "-q"])

    few, many = in_turns(words(small, "bridge-00500"),
                         words(large, "bridge-00500"), runs=3 * RUNS)
    ratio_row(f"catalog show ID, {size_of(large)[0]} files", many, few,
              f"{size_of(small)[0]} files", 1.25)


def side_by_side(catalog, schemas):
    """What teams check such files with today, where it is installed. They
    read the working tree, and know of no reference and no port."""
    files, _, _ = size_of(catalog)
    ours, = in_turns(lambda _: run([BRIDGE, "catalog", "validate", "--rev",
                                    "HEAD", catalog]))

    def ajv(_):
        return sum(run(["ajv", "validate", "--spec=draft2020",
                        "--strict=false", "-s",
                        os.path.join(schemas, f"{kind}.schema.json"), "-d",
                        os.path.join(catalog, pattern)])
                   for kind, pattern in (
                       ("actor", "actors/*.yaml"),
                       ("domain", "domains/*/domain.yaml"),
                       ("target", "domains/*/targets/*.yaml"),
                       ("bridge", "domains/*/bridges/*.yaml")))

    def lint(_):
        return run(["yamllint", "-d", "relaxed", catalog])

    others = [("ajv-cli", ajv)] if shutil.which("ajv") else []
    if shutil.which("yamllint"):
        others.append(("yamllint", lint))
    for python in ("python3", "/usr/bin/python3"):
        words = [python, os.path.join(os.path.dirname(__file__),
                                      "with_jsonschema.py")]
        if not subprocess.run([python, "-c", "import jsonschema, yaml"],
                              capture_output=True, check=False).returncode:
            others.append(("python3-jsonschema", lambda _, words=words: run(
                [*words, schemas, catalog])))
            break
    for name, other in others:
        taken, = in_turns(other, runs=1)
        row(f"validate --rev HEAD, {files} files", ours, taken, name,
            f"{ours / taken:.3f} x", "1 x", ours <= taken)


def show(catalog):
    listed = subprocess.run(["git", "-C", catalog, "ls-tree", "-r",
                             "--name-only", "HEAD", "domains"],
                            capture_output=True, check=True, text=True)
    paths = [path for path in listed.stdout.split() if "/bridges/" in path]
    paths = paths[::max(1, len(paths) // (RUNS + 1))]
    index = os.path.join(os.environ["HOME"], ".cache", "bridge")

    def path_of(turn):
        return paths[turn % len(paths)]

    def warm(turn):
        name = os.path.basename(path_of(turn))[:-len(".yaml")]
        return run([BRIDGE, "catalog", "show", name])

    def cold(turn):
        for file in os.listdir(index) if os.path.isdir(index) else []:
            os.unlink(os.path.join(index, file))
        return warm(turn)

    def cat(turn):
        return run(["git", "-C", catalog, "cat-file", "-p",
                    f"HEAD:{path_of(turn)}"])

    # After cold() there is an index again.
    first, later, git = in_turns(cold, warm, cat, runs=3 * RUNS)
    ratio_row("catalog show ID", later, git, "git cat-file", 3)
    ratio_row("  the first after a commit", first, git, "git cat-file", 3)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_free(port):
    deadline = time.monotonic() + 10
    while listens(port):
        if time.monotonic() > deadline:
            fail(f"port {port} stays taken")
        time.sleep(0.01)


def arguments_of(name):
    """Of the ssh that runs for a bridge, without the -F that the ssh in PATH
    puts before them."""
    pid = subprocess.run(["pgrep", "-P", supervisor(), "-f", name],
                         capture_output=True, text=True, check=True)
    with open(f"/proc/{pid.stdout.split()[0]}/cmdline", "rb") as file:
        words = file.read().decode().split("\0")[1:-1]
    return words[2:] if words[:1] == ["-F"] else words


def supervisor():
    for name in os.listdir(os.environ["BRIDGE_STATE_DIR"]):
        if name.endswith(".pid"):
            path = os.path.join(os.environ["BRIDGE_STATE_DIR"], name)
            with open(path, encoding="ascii") as file:
                return file.read().strip()
    return fail("no supervisor runs")


def raw_ssh(arguments, port):
    """Milliseconds until ssh itself says that its forward stands."""
    wanted = f"remote forward success for: listen 127.0.0.1:{port},".encode()
    said = b""
    deadline = time.monotonic() + 20
    start = time.perf_counter()
    ssh = subprocess.Popen(["ssh", *arguments], stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           cwd=os.environ["BRIDGE_STATE_DIR"])
    while wanted not in said or not said.endswith(b"\n"):
        if not select.select([ssh.stderr], [], [],
                             deadline - time.monotonic())[0]:
            fail("ssh does not confirm its forward")
        part = os.read(ssh.stderr.fileno(), 4096)
        if not part:
            fail(f"ssh ended: {said.decode()}")
        said += part
    end = time.perf_counter()
    ssh.send_signal(signal.SIGTERM)
    ssh.communicate()
    return (end - start) * 1000


def start(name, port, other):
    port = int(port)
    run([BRIDGE, "up", name])
    arguments = arguments_of(f"127.0.0.1:{port}:")
    run([BRIDGE, "down"])

    def raw(_):
        wait_until_free(port)
        return raw_ssh(arguments, port)

    def up(_):
        wait_until_free(port)
        taken = run([BRIDGE, "up", name])
        if not listens(port):
            fail(f"'{name}' is up and port {port} does not listen")
        run([BRIDGE, "down", name])
        return taken

    def warm(turn):
        run([BRIDGE, "up", other])
        taken = up(turn)
        run([BRIDGE, "down", other])
        return taken

    direct, second, first = in_turns(raw, warm, up)
    for what, taken in (("up NAME, the supervisor runs", second),
                        ("  starting the supervisor", first)):
        more = taken - direct
        row(what, taken, direct, "raw ssh", f"{more:+.1f} ms", "+30 ms",
            more <= 30)


def status(count):
    def command(*words):
        return lambda _: run([BRIDGE, "status", *words])

    said = subprocess.run([BRIDGE, "status", "--json"], capture_output=True,
                          check=True)
    connected = said.stdout.count(b'"state": "connected"')
    if connected != int(count):
        fail(f"{connected} of {count} bridges are connected")
    text, json, nothing = in_turns(
        command(), command("--json"), lambda _: run([BRIDGE, "--version"]))
    for what, taken in ((f"status, {count} bridges", text),
                        ("  --json", json)):
        row(what, taken, nothing, "--version", "", "20 ms", taken <= 20)


if __name__ == "__main__":
    {"validate": validate, "growth": growth, "show": show,
     "show_sizes": show_sizes, "side_by_side": side_by_side, "start": start,
     "status": status}[sys.argv[1]](*sys.argv[2:])
