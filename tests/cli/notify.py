"""Listen where NOTIFY_SOCKET says and write what comes, a line a message."""
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
    listener.bind(sys.argv[1])
    with open(sys.argv[2], "a", buffering=1) as out:
        while True:
            out.write(listener.recv(4096).decode().replace("\n", " ") + "\n")
