/*
 * Telling systemd, or whoever has started us, how we are: the protocol of
 * sd_notify(3), lines in a datagram to the socket that NOTIFY_SOCKET names,
 * and its watchdog (sd_watchdog_enabled(3)).
 */
#ifndef CMD_SD_NOTIFY_H
#define CMD_SD_NOTIFY_H

#include "schema/base/text.h"

#include <stdint.h>

struct sd_notify {
	char *socket;        /* as it was in the environment, or NULL */
	int fd;              /* -1: nobody listens */
	int64_t watchdog_ms; /* how often it wants to hear of us; 0: never */
};

/*
 * Take it from the environment, and take it out there: processes that we
 * start are not to speak for us.
 */
void sd_notify_open(struct sd_notify *notify);
void sd_notify_close(struct sd_notify *notify);

/* Back into the environment, before another program takes our place. */
void sd_notify_put_back(const struct sd_notify *notify);

/* "READY=1\nSTATUS=..."; lost where it cannot be sent. */
void sd_notify_send(const struct sd_notify *notify, const char *format, ...)
	PRINTF(2, 3);

#endif
