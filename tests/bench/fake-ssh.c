/*
 * Stands for ssh where a thousand tunnels are needed and no machine at their
 * other end: says that the forward of its -R was accepted, as OpenSSH 9.2
 * does with LogVerbose, and waits to be ended. Nothing is forwarded.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the connecting side of BIND:PORT:HOST:PORT begins; [::1] has colons. */
static const char *find_connect(const char *forward)
{
	const char *at = *forward == '[' ? strchr(forward, ']') : forward;

	at = at ? strchr(at, ':') : NULL;
	return at ? strchr(at + 1, ':') : NULL;
}

int main(int argc, char **argv)
{
	const char *connect = NULL;
	char line[512];
	int i = 1;
	int length;

	while (i + 1 < argc && strcmp(argv[i], "-R") != 0)
		i++;
	if (i + 1 < argc)
		connect = find_connect(argv[i + 1]);
	if (!connect) {
		fputs("fake-ssh: no -R BIND:PORT:HOST:PORT\n", stderr);
		return 255;
	}
	length = snprintf(line, sizeof(line),
		"debug1: tunnel/ssh/argv.c:ssh_confirm_remote_forward():1827 (pid=%d): "
		"remote forward success for: listen %.*s, connect %s\r\n",
		(int)getpid(), (int)(connect - argv[i + 1]), argv[i + 1],
		connect + 1);
	if (length >= (int)sizeof(line) ||
		write(STDERR_FILENO, line, (size_t)length) != length)
		return 255;
	for (;;)
		pause();
}
