#include "tunnel/health/round_trip.h"

#include "schema/base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	MAX_SOCKETS = 8192, /* of one ssh; more take too long to look at */
	CLOSED = 7,         /* TCP_CLOSE, which netinet/tcp.h has */
};

/* How often each was met among the new sockets. */
struct tally {
	size_t ours;    /* from this process: the request on its way out */
	size_t matches; /* to the service */
	size_t unseen;  /* could not be looked at */
};

static DIR *open_list(pid_t ssh)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)ssh);
	return opendir(path);
}

/* The next socket and its descriptor in that process; 0 at the end. */
static unsigned long next_socket(DIR *list, int *fd)
{
	static const char mark[] = "socket:[";
	struct dirent *entry;

	while ((entry = readdir(list))) {
		char link[64];
		ssize_t length = readlinkat(
			dirfd(list), entry->d_name, link, sizeof(link) - 1);

		if (length < 0)
			continue;
		link[length] = '\0';
		if (strncmp(link, mark, sizeof(mark) - 1) != 0)
			continue;
		*fd = (int)strtol(entry->d_name, NULL, 10);
		return strtoul(link + sizeof(mark) - 1, NULL, 10);
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return (x > y) - (x < y);
}

void round_trip_prepare(struct round_trip *trip, pid_t ssh)
{
	DIR *list = open_list(ssh);
	size_t capacity = 0;
	unsigned long inode;
	int fd;

	trip->ssh = ssh;
	trip->count = 0;
	trip->known = list != NULL;
	if (!list)
		return;
	while ((inode = next_socket(list, &fd))) {
		if (trip->count == MAX_SOCKETS) {
			trip->known = false;
			break;
		}
		trip->sockets = own_grow(trip->sockets, trip->count, &capacity,
			sizeof(*trip->sockets));
		trip->sockets[trip->count++] = inode;
	}
	closedir(list);
	if (trip->count)
		qsort(trip->sockets, trip->count, sizeof(*trip->sockets),
			compare);
}

void round_trip_release(struct round_trip *trip)
{
	free(trip->sockets);
	*trip = (struct round_trip)ROUND_TRIP_INIT;
}

static bool is_new(const struct round_trip *trip, unsigned long inode)
{
	return !trip->count || !bsearch(&inode, trip->sockets, trip->count,
				       sizeof(inode), compare);
}

/* A Unix socket that the process itself has connected to is the way out. */
static bool is_ours(int fd)
{
	struct ucred peer = {.pid = 0};
	socklen_t size = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) &&
	       peer.pid == getpid();
}

/*
 * As much as the request; or nothing yet, to a service that answers before it
 * is asked. An older kernel does not count: then any will do.
 */
static bool has_written(int fd, size_t sent)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);
	const size_t need = offsetof(struct tcp_info, tcpi_bytes_retrans) +
			    sizeof(info.tcpi_bytes_retrans);

	memset(&info, 0, sizeof(info));
	if (!sent || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) ||
		size < need)
		return true;
	if (!info.tcpi_bytes_sent)
		return info.tcpi_bytes_received != 0;
	return info.tcpi_bytes_sent - info.tcpi_bytes_retrans == sent;
}

/* Once the other side has reset it, nothing else is known of a connection. */
static bool has_been_reset(int fd)
{
	struct tcp_info info = {.tcpi_state = 0};
	socklen_t size = sizeof(info);

	return !getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) &&
	       info.tcpi_state == CLOSED &&
	       size >= offsetof(struct tcp_info, tcpi_bytes_received) +
			       sizeof(info.tcpi_bytes_received) &&
	       info.tcpi_bytes_received;
}

static bool leads_to(int fd, unsigned port, size_t sent)
{
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	socklen_t size = sizeof(peer);
	in_port_t found;

	if (getpeername(fd, (struct sockaddr *)&peer, &size))
		return errno == ENOTCONN && has_been_reset(fd);
	if (peer.ss_family == AF_UNIX)
		return !port;
	if (peer.ss_family == AF_INET)
		found = ((struct sockaddr_in *)&peer)->sin_port;
	else if (peer.ss_family == AF_INET6)
		found = ((struct sockaddr_in6 *)&peer)->sin6_port;
	else
		return false;
	return ntohs(found) == port && has_written(fd, sent);
}

static void look_at_socket(
	struct tally *tally, int pidfd, int remote, unsigned port, size_t sent)
{
	AUTO_CLOSE int fd = pidfd < 0 ? -1
				      : (int)syscall(SYS_pidfd_getfd, pidfd,
						remote, 0);

	if (fd < 0)
		tally->unseen++;
	else if (is_ours(fd))
		tally->ours++;
	else if (leads_to(fd, port, sent))
		tally->matches++;
}

enum round_trip_verdict round_trip_look(
	const struct round_trip *trip, unsigned port, size_t sent)
{
	AUTO_CLOSE int pidfd = -1;
	struct tally tally = {.ours = 0};
	unsigned long inode;
	DIR *list;
	int fd;

	list = trip->known ? open_list(trip->ssh) : NULL;
	if (!list)
		return ROUND_TRIP_UNKNOWN;
	pidfd = (int)syscall(SYS_pidfd_open, trip->ssh, 0);
	while ((inode = next_socket(list, &fd)))
		if (is_new(trip, inode))
			look_at_socket(&tally, pidfd, fd, port, sent);
	closedir(list);
	if (tally.matches)
		return ROUND_TRIP_SEEN;
	/* The way out is one of them, and what came in another. */
	if (tally.unseen)
		return tally.ours + tally.unseen > 1 ? ROUND_TRIP_SEEN
						     : ROUND_TRIP_MISSED;
	/* A program between us and ssh, which is not looked into. */
	return tally.ours ? ROUND_TRIP_MISSED : ROUND_TRIP_UNKNOWN;
}
