#!/usr/bin/env python3
"""A catalog to measure with: generate.py FOLDER FILES

FILES documents in a new Git repository, committed and packed: catalog.yaml, 20
actors, 50 domains (more of them from 20,000 files on, so that folders stay as
large as they are), and targets and bridges in equal parts. The same number
gives the same bytes and the same commit. `bridge catalog validate` finds
nothing in it.
"""
import os
import random
import subprocess
import sys

DOMAINS = 50
FILES_OF_A_DOMAIN = 400
ACTORS = 20
WHEN = 1750000000  # of the files and of the commit
KINDS = ["host", "vm", "container", "service"]
ENVIRONMENTS = ["production", "staging", "test"]
WORDS = ["metrics", "ledger", "inbox", "search", "relay", "archive", "media",
         "billing", "state-hub", "console", "build", "mirror"]


def write(root, path, lines):
    whole = os.path.join(root, path)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    # Older than the index: or Git reads every file again to be sure.
    os.utime(whole, (WHEN, WHEN))


def domain_name(number):
    return f"domain-{number:02d}"


def actor_name(number):
    return f"agent.{WORDS[number % len(WORDS)]}-{number % ACTORS:02d}"


def target(random, number, domain):
    return [
        f"name: Machine {number}",
        f"description: The machine number {number} of {domain},"
        f" rack {random.randrange(40)}",
        f"kind: {random.choice(KINDS)}",
        f"host: host-{number:05d}.{domain}.example.org",
        f"ssh_port: {random.choice([22, 22, 22, 2222])}",
        "ssh_user: ops",
        "ssh_key: ~/.ssh/id_ops",
        f"environment: {random.choice(ENVIRONMENTS)}",
        f"owner: team-{number % 12}",
        f"tags: [{random.choice(WORDS)}, rack-{random.randrange(40)}]",
        "labels:",
        f"  tier: {random.randrange(1, 4)}",
        f"  role: {random.choice(WORDS)}",
    ]


def bridge(random, number, domain):
    local = random.randrange(3000, 9000)
    lines = [
        f"description: {random.choice(WORDS)} of machine {number}, for the"
        f" people of {domain}",
        f"target: target-{number:05d}",
        f"remote_port: {random.randrange(10000, 30000)}",
        f"local_port: {local}",
        f"actor: {actor_name(number % ACTORS)}",
        f"tags: [{random.choice(WORDS)}, {random.choice(ENVIRONMENTS)}]",
        "health_check:",
        f"  url: http://127.0.0.1:{local}/health",
        f"  interval_seconds: {random.choice([15, 30, 60])}",
        "  timeout_seconds: 5",
        "reconnect:",
        "  max_attempts: 0",
        "  backoff_initial: 5",
        "  backoff_max: 60",
    ]
    if random.randrange(4) == 0:
        lines.insert(0, "# Ask the owner before this one is changed.")
    return lines


def generate(root, files):
    source = random.Random(files)
    domains = max(DOMAINS, files // FILES_OF_A_DOMAIN)
    pairs, odd = divmod(files - 1 - ACTORS - domains, 2)
    if pairs < domains:
        sys.exit(f"generate.py: {files} files are too few")
    write(root, "catalog.yaml", ["name: A generated catalog"])
    for number in range(ACTORS):
        write(root, f"actors/{actor_name(number)}.yaml",
              ["class: automation", f"description: Agent number {number}"])
    for number in range(domains):
        write(root, f"domains/{domain_name(number)}/domain.yaml",
              [f"name: Domain {number}", f"owner: team-{number % 12}"])
    for number in range(pairs + odd):
        domain = domain_name(number % domains)
        folder = f"domains/{domain}"
        # The odd one out is a second bridge to a machine, at its own port.
        if number < pairs:
            write(root, f"{folder}/targets/target-{number:05d}.yaml",
                  target(source, number, domain))
        lines = bridge(source, number % pairs, domain)
        if number >= pairs:
            lines = ["remote_port: 9999" if line.startswith("remote_port")
                     else line for line in lines]
        write(root, f"{folder}/bridges/bridge-{number:05d}.yaml", lines)


def commit(root):
    environment = dict(os.environ)
    for who in ("AUTHOR", "COMMITTER"):
        environment[f"GIT_{who}_NAME"] = "bench"
        environment[f"GIT_{who}_EMAIL"] = "bench@example.org"
        environment[f"GIT_{who}_DATE"] = f"{WHEN} +0000"
    for words in (["init", "-q", "-b", "main"], ["add", "-A"],
                  ["-c", "commit.gpgsign=false", "commit", "-q", "-m",
                   "A generated catalog"],
                  ["gc", "-q"]):
        subprocess.run(["git", "-c", "gc.auto=0", *words], cwd=root,
                       env=environment, check=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1])
    generate(sys.argv[1], int(sys.argv[2]))
    commit(sys.argv[1])
