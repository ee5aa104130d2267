#include "catalog/resolve/health_port.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * Host and port of "scheme://[user@]host[:port][/...]"; false when it is no
 * such URL. `host` has room for `size` bytes.
 */
static bool split_url(const char *url, char *host, size_t size, unsigned *port)
{
	bool secure = !strncasecmp(url, "https://", 8);
	const char *start = strstr(url, "://");
	const char *end;
	const char *colon;

	if (!start)
		return false;
	start += 3;
	end = start + strcspn(start, "/?#");
	for (const char *at = start; at < end; at++)
		if (*at == '@')
			start = at + 1;
	colon = *start == '[' ? memchr(start, ']', (size_t)(end - start))
			      : start;
	colon = colon ? memchr(colon, ':', (size_t)(end - colon)) : NULL;
	*port = secure ? 443 : 80;
	if (colon)
		*port = (unsigned)strtoul(colon + 1, NULL, 10);
	if (!colon)
		colon = end;
	if ((size_t)(colon - start) >= size)
		return false;
	memcpy(host, start, (size_t)(colon - start));
	host[colon - start] = '\0';
	return true;
}

static bool is_loopback(const char *host)
{
	return !strcasecmp(host, "localhost") || !strncmp(host, "127.", 4) ||
	       !strcmp(host, "[::1]") || !strcmp(host, "0.0.0.0");
}

bool health_port_report(const struct layers *layers, struct diags *diags)
{
	const struct node *url = layers_value(layers, BRIDGE_health_url);
	unsigned remote_port = layers_port(layers, BRIDGE_remote_port);
	unsigned local_port = layers_port(layers, BRIDGE_local_port);
	const char *from = layers_text(layers, BRIDGE_health_from, "local");
	const char *local_host = layers_text(layers, BRIDGE_local_host, "");
	unsigned port;
	char host[256];

	if (!node_string(url) || !remote_port || remote_port == local_port ||
		strcmp(from, "local") != 0 ||
		!split_url(node_string(url), host, sizeof(host), &port) ||
		port != remote_port || !is_loopback(host))
		return true;
	if (*local_host == '/')
		return diag_report(diags, &url->at, RULE_HEALTH_REMOTE_PORT,
			"the health check asks port %u of this machine, which "
			"is the bridge's remote port; its service is at %s",
			port, local_host);
	return diag_report(diags, &url->at, RULE_HEALTH_REMOTE_PORT,
		"the health check asks port %u of this machine, which "
		"is the bridge's remote port; its local port is %u",
		port, local_port);
}
