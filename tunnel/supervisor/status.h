/*
 * What `status` shows for a tunnel.
 */
#ifndef TUNNEL_STATUS_H
#define TUNNEL_STATUS_H

#include "schema/base/text.h"
#include "tunnel/supervisor/internal.h"

enum status_form {
	STATUS_FULL = 0,
	STATUS_BRIEF = 1 << 0,      /* no more than a table shows */
	STATUS_DEFINITION = 1 << 1, /* and the definition it runs with */
};

/* Append its JSON object; `form` is of enum status_form. */
void tunnel_status(
	struct text *out, const struct tunnel *tunnel, unsigned form);

/* The ssh that carries the tunnel, or 0. */
pid_t tunnel_pid(const struct tunnel *tunnel);

#endif
