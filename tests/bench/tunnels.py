"""Tunnels side by side with ssh alone and with autossh: tunnels.py WHAT
ARGUMENT... Rows as measure.py prints them."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import measure
from measure import BRIDGE, arguments_of, fail, in_turns, listens, run

MEGABYTES = int(os.environ.get("BENCH_MEGABYTES", "128"))


def line(what, measured, against, ratio, target, good):
    print(f"{what}\t{measured}\t{against}\t{ratio}\t{target}\t"
          f"{'ok' if good else 'over'}", flush=True)


def wait_until_listens(port):
    deadline = time.monotonic() + 30
    while not listens(port):
        if time.monotonic() > deadline:
            fail(f"nothing listens on port {port}")
        time.sleep(0.001)


def children(pid):
    said = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True,
                          text=True)
    return [int(word) for word in said.stdout.split()]


def answers(port):
    """Is there a way to the service? sshd may listen without one."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as probe:
            probe.settimeout(2)
            probe.sendall(b"p")
            return probe.recv(1) == b"x"
    except OSError:
        return False


def until_it_answers_again(ssh, port):
    """Milliseconds from the end of an ssh to an answer through the next."""
    deadline = time.monotonic() + 30
    start = time.perf_counter()
    os.kill(ssh, signal.SIGKILL)
    while not answers(port):
        if time.monotonic() > deadline:
            fail(f"port {port} does not answer again")
    return (time.perf_counter() - start) * 1000


def start_autossh(arguments, port):
    autossh = subprocess.Popen(
        ["autossh", "-M", "0", *arguments], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=os.environ["BRIDGE_STATE_DIR"],
        env={**os.environ, "AUTOSSH_GATETIME": "0"})
    wait_until_listens(port)
    return autossh


def stop(process):
    process.terminate()
    process.wait()


def raw_arguments(name, port):
    run([BRIDGE, "up", name])
    arguments = arguments_of(f"127.0.0.1:{port}:")
    run([BRIDGE, "down"])
    measure.wait_until_free(port)
    return arguments


def relisten(name, port, local):
    port = int(port)
    start_server(int(local))
    arguments = raw_arguments(name, port)

    def ours(_):
        # A fresh start each time, as the first drop is the one compared.
        run([BRIDGE, "up", name])
        ssh = int(subprocess.run(
            ["pgrep", "-P", measure.supervisor(), "-f", f"127.0.0.1:{port}:"],
            capture_output=True, text=True).stdout.split()[0])
        taken = until_it_answers_again(ssh, port)
        run([BRIDGE, "down", name])
        measure.wait_until_free(port)
        return taken

    def theirs(_):
        autossh = start_autossh(arguments, port)
        taken = until_it_answers_again(children(autossh.pid)[0], port)
        stop(autossh)
        measure.wait_until_free(port)
        return taken

    if not shutil.which("autossh"):
        taken, = in_turns(ours)
        line("ssh killed, until it answers again", f"{taken:.1f} ms",
             "(no autossh here)", "", "", True)
        return
    taken, other = in_turns(ours, theirs)
    measure.ratio_row("ssh killed, until it answers again", taken, other,
                      "autossh", 1)


def own_kib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(row.split()[1]) for row in file
                   if row.startswith(("Private_Dirty:", "Swap:")))


def memory(count, small, large):
    """The supervisor with one bridge and with `count`, against one autossh;
    the ssh processes are the same."""
    each = (int(large) - int(small)) / (int(count) - 1)
    if not shutil.which("autossh"):
        line("memory of a bridge", f"{each:.1f} KiB", "(no autossh here)", "",
             "10 KiB", each < 10)
        return
    autossh = subprocess.Popen(
        ["autossh", "-M", "0", "-N", "nowhere.invalid"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "AUTOSSH_GATETIME": "0", "AUTOSSH_PATH": "/bin/sleep"})
    time.sleep(0.2)
    other = own_kib(autossh.pid)
    stop(autossh)
    line("memory of a bridge", f"{each:.1f} KiB", f"autossh {other} KiB",
         f"{each / other:.2f} x", "10 KiB", each < 10)


def serve(port, ready):
    """Who asks with a g gets MEGABYTES, who asks with a p an x."""
    block = b"\0" * 65536
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        ready.set()
        while True:
            client, _ = listener.accept()
            with client:
                asked = client.recv(1)
                if asked == b"p":
                    client.sendall(b"x")
                if asked != b"g":
                    continue
                for _ in range(MEGABYTES * 16):
                    client.sendall(block)


def start_server(port):
    ready = threading.Event()
    threading.Thread(target=serve, args=(port, ready), daemon=True).start()
    if not ready.wait(10):
        fail(f"cannot listen on port {port}")


def receive(port):
    """Megabytes per second through the tunnel."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"g")
        start = time.perf_counter()
        total = 0
        while part := client.recv(262144):
            total += len(part)
        taken = time.perf_counter() - start
    if total != MEGABYTES << 20:
        fail(f"{total} bytes came through")
    return MEGABYTES / taken


def throughput(name, port, local):
    port = int(port)
    start_server(int(local))
    words = raw_arguments(name, port)
    # What a person would write: nothing that makes ssh say more.
    arguments = [word for word in words if not word.startswith("LogVerbose")]
    arguments = [word for i, word in enumerate(arguments)
                 if word != "-o" or arguments[i + 1:i + 2] != ["-o"]]

    def ours(_):
        run([BRIDGE, "up", name])
        speed = receive(port)
        run([BRIDGE, "down", name])
        measure.wait_until_free(port)
        return speed

    def raw(_):
        ssh = subprocess.Popen(
            ["ssh", *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=os.environ["BRIDGE_STATE_DIR"])
        wait_until_listens(port)
        speed = receive(port)
        stop(ssh)
        measure.wait_until_free(port)
        return speed

    speed, direct = in_turns(ours, raw, runs=min(measure.RUNS, 7))
    line(f"{MEGABYTES} MB through a tunnel", f"{speed:.0f} MB/s",
         f"raw ssh -R {direct:.0f} MB/s", f"{speed / direct:.2f} x", "0.95 x",
         speed >= 0.95 * direct)


def shared(count, single, port):
    """All bridges of one host over one connection, against one handshake."""
    port = int(port)
    arguments = raw_arguments(single, port)

    def raw(_):
        measure.wait_until_free(port)
        return measure.raw_ssh(arguments, port)

    def up(_):
        run([BRIDGE, "up", single])
        taken = run([BRIDGE, "up", "--domain", "shared"])
        run([BRIDGE, "down"])
        return taken

    direct, taken = in_turns(raw, up, runs=min(measure.RUNS, 7))
    measure.ratio_row(f"up, {count} bridges on one connection", taken, direct,
                      "one raw ssh", 2)


if __name__ == "__main__":
    {"relisten": relisten, "memory": memory, "throughput": throughput,
     "shared": shared}[sys.argv[1]](*sys.argv[2:])
