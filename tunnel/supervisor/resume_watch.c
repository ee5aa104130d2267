#include "tunnel/supervisor/resume_watch.h"

#include "schema/base/alloc.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* A shorter suspend breaks nothing; setting the clock is no suspend. */
enum { SUSPEND_MS = 2000 };

struct resume_watch {
	uv_poll_t clock, network;
	int clock_fd, network_fd;
	int64_t asleep_ms; /* spent suspended since boot */
	unsigned open;
	void (*woken)(const char *why, void *data);
	void *data;
};

static int64_t milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t asleep(void)
{
	return milliseconds(CLOCK_BOOTTIME) - milliseconds(CLOCK_MONOTONIC);
}

static void arm(const struct resume_watch *wake)
{
	/* So far away that it never expires: 68 years. */
	struct itimerspec never = {.it_value.tv_sec = time(NULL) + INT32_MAX};

	timerfd_settime(wake->clock_fd,
		TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static void on_clock(uv_poll_t *poll, int status, int events)
{
	struct resume_watch *wake = poll->data;
	int64_t before = wake->asleep_ms;
	uint64_t expirations;
	char why[64];

	(void)status;
	(void)events;
	if (read(wake->clock_fd, &expirations, sizeof(expirations)) < 0 &&
		errno != ECANCELED)
		return;
	arm(wake);
	wake->asleep_ms = asleep();
	if (wake->asleep_ms - before < SUSPEND_MS)
		return;
	snprintf(why, sizeof(why), "resumed after %lld s",
		(long long)(wake->asleep_ms - before) / 1000);
	wake->woken(why, wake->data);
}

/*
 * An address that reaches somewhere and has just come. IPv6 announces one it
 * had whenever a router renews it, and every container brings a link-local
 * one: taken for new, they would undo every backoff.
 */
static bool is_new_address(const struct nlmsghdr *header)
{
	const struct ifaddrmsg *address = NLMSG_DATA(header);
	const struct rtattr *attribute = IFA_RTA(address);
	int left = (int)IFA_PAYLOAD(header);

	if (header->nlmsg_type != RTM_NEWADDR ||
		header->nlmsg_len < NLMSG_LENGTH(sizeof(*address)) ||
		address->ifa_scope >= RT_SCOPE_LINK)
		return false;
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		const struct ifa_cacheinfo *times = RTA_DATA(attribute);

		if (attribute->rta_type == IFA_CACHEINFO &&
			RTA_PAYLOAD(attribute) >= sizeof(*times))
			return times->cstamp == times->tstamp;
	}
	return true;
}

static void on_network(uv_poll_t *poll, int status, int events)
{
	struct resume_watch *wake = poll->data;
	char buffer[8192];
	bool new_address = false;
	ssize_t got;

	(void)status;
	(void)events;
	while ((got = recv(wake->network_fd, buffer, sizeof(buffer), 0)) > 0) {
		unsigned left = (unsigned)got;

		for (struct nlmsghdr *header = (struct nlmsghdr *)buffer;
			NLMSG_OK(header, left);
			header = NLMSG_NEXT(header, left))
			if (is_new_address(header))
				new_address = true;
	}
	if (new_address)
		wake->woken("new network address", wake->data);
}

static void watch(struct resume_watch *wake, uv_loop_t *loop, uv_poll_t *poll,
	int fd, uv_poll_cb callback)
{
	if (fd < 0)
		return;
	uv_poll_init(loop, poll, fd);
	poll->data = wake;
	uv_poll_start(poll, UV_READABLE, callback);
	wake->open++;
}

static int open_network(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	return fd;
}

struct resume_watch *resume_watch_create(
	uv_loop_t *loop, void (*woken)(const char *why, void *data), void *data)
{
	struct resume_watch *wake = own_alloc(sizeof(*wake));

	wake->woken = woken;
	wake->data = data;
	wake->asleep_ms = asleep();
	wake->clock_fd = timerfd_create(
		CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	wake->network_fd = open_network();
	if (wake->clock_fd >= 0)
		arm(wake);
	watch(wake, loop, &wake->clock, wake->clock_fd, on_clock);
	watch(wake, loop, &wake->network, wake->network_fd, on_network);
	return wake;
}

static void on_closed(uv_handle_t *handle)
{
	struct resume_watch *wake = handle->data;

	if (--wake->open)
		return;
	if (wake->clock_fd >= 0)
		close(wake->clock_fd);
	if (wake->network_fd >= 0)
		close(wake->network_fd);
	free(wake);
}

void resume_watch_destroy(struct resume_watch *wake)
{
	if (!wake)
		return;
	if (!wake->open) {
		free(wake);
		return;
	}
	if (wake->clock_fd >= 0)
		uv_close((uv_handle_t *)&wake->clock, on_closed);
	if (wake->network_fd >= 0)
		uv_close((uv_handle_t *)&wake->network, on_closed);
}
