#include "catalog/rules/check_ports.h"

#include "catalog/resolve/health_port.h"
#include "catalog/resolve/layers.h"
#include "catalog/store/reference.h"
#include "schema/base/fnv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One enabled bridge's end on the remote machine. */
struct listener {
	size_t key; /* offset in listeners.keys, and how long it is */
	size_t length;
	const char *host;
	const char *bind;
	const struct document *bridge;
	const struct node *port;
};

/* Small, for sorting. */
struct place {
	uint64_t hash; /* of the listener's key */
	size_t index;
};

struct listeners {
	struct listener *list;
	struct place *places;
	size_t count;
	struct text keys;
};

static void append_folded(struct text *key, const char *host)
{
	size_t start = key->length;

	text_append_bytes(key, host, strlen(host) + 1);
	for (char *at = key->data + start; *at; at++)
		*at = (char)tolower((unsigned char)*at);
}

/*
 * The same for the same machine and port. Machines are told apart by host,
 * ssh port and the way there: one private address behind two jump hosts is
 * two machines.
 */
static void append_key(
	struct text *key, const struct layers *layers, unsigned remote_port)
{
	const struct node *jumps = layers_value(layers, BRIDGE_proxy_jump);
	unsigned ssh_port = layers_port(layers, BRIDGE_ssh_port);
	const struct node *jump;

	if (!ssh_port)
		ssh_port = 22;
	append_folded(key, layers_text(layers, BRIDGE_host, ""));
	text_append_bytes(key, (const char *)&ssh_port, sizeof(ssh_port));
	text_append_bytes(key, (const char *)&remote_port, sizeof(remote_port));
	for (size_t i = 0; (jump = reference_jump(jumps, i)); i++)
		append_folded(key, node_string(jump) ? node_string(jump) : "");
}

/* Nothing for a bridge that does not listen, or is not known to. */
static void add_listener(struct listeners *listeners, struct catalog *catalog,
	const struct document *bridge)
{
	struct listener *listener = &listeners->list[listeners->count];
	struct text *keys = &listeners->keys;
	const struct node *enabled;
	struct layers layers;
	unsigned port;

	if (!bridge->valid_part)
		return;
	layers_of_document(&layers, catalog, bridge);
	enabled = layers_value(&layers, BRIDGE_enabled);
	port = layers_port(&layers, BRIDGE_remote_port);
	if (!port || !layers_text(&layers, BRIDGE_host, NULL) ||
		(enabled && enabled->kind == NODE_BOOL && !enabled->boolean))
		return;
	*listener = (struct listener){.key = keys->length,
		.host = layers_text(&layers, BRIDGE_host, ""),
		.bind = layers_text(&layers, BRIDGE_remote_bind, "127.0.0.1"),
		.bridge = bridge,
		.port = layers_value(&layers, BRIDGE_remote_port)};
	append_key(keys, &layers, port);
	listener->length = keys->length - listener->key;
	listeners->places[listeners->count] = (struct place){
		.hash = fnv_add(FNV_BASIS, keys->data + listener->key,
			listener->length),
		.index = listeners->count};
	listeners->count++;
}

static const char *plain_address(const char *bind)
{
	static const char *const everywhere[] = {
		"", "*", "0.0.0.0", "::", "[::]"};

	for (size_t i = 0; i < COUNT(everywhere); i++)
		if (!strcmp(bind, everywhere[i]))
			return "*";
	return strcasecmp(bind, "localhost") ? bind : "127.0.0.1";
}

static bool overlap(const char *a, const char *b)
{
	a = plain_address(a);
	b = plain_address(b);
	return *a == '*' || *b == '*' || !strcasecmp(a, b);
}

static bool same_key(const struct listeners *listeners,
	const struct listener *x, const struct listener *y)
{
	const char *keys = listeners->keys.data;

	return x->length == y->length &&
	       !memcmp(keys + x->key, keys + y->key, x->length);
}

/* By hash; bridges with the same one stay in their order. */
static int compare_places(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Against those before it with the same hash. */
static void compare_listener(const struct listeners *listeners,
	const struct place *first, const struct place *at,
	port_clash_found *found, void *data)
{
	const struct listener *second = &listeners->list[at->index];

	for (; first < at; first++) {
		const struct listener *other = &listeners->list[first->index];

		if (!overlap(other->bind, second->bind) ||
			!same_key(listeners, other, second))
			continue;
		found(&(struct port_clash){.first = other->bridge,
			      .second = second->bridge,
			      .first_port = other->port,
			      .second_port = second->port,
			      .host = second->host},
			data);
		return;
	}
}

void port_clash_each(
	struct catalog *catalog, port_clash_found *found, void *data)
{
	const struct documents *bridges = &catalog->of[DOCUMENT_BRIDGE];
	struct listeners listeners = {.keys = TEXT_INIT};
	struct place *places;
	size_t first = 0;

	listeners.list = own_alloc(bridges->count * sizeof(*listeners.list));
	listeners.places = places = own_alloc(
		bridges->count * sizeof(*listeners.places));
	for (size_t i = 0; i < bridges->count; i++)
		add_listener(&listeners, catalog, bridges->list[i]);
	qsort(places, listeners.count, sizeof(*places), compare_places);
	for (size_t i = 1; i < listeners.count; i++) {
		if (places[first].hash != places[i].hash)
			first = i;
		compare_listener(
			&listeners, &places[first], &places[i], found, data);
	}
	free(places);
	free(listeners.list);
	text_release(&listeners.keys);
}

void port_clash_report(const struct port_clash *clash, void *data)
{
	const struct origin *at = &clash->first_port->at;

	diag_report(data, &clash->second_port->at, RULE_PORT_CLASH,
		"bridge '%s' listens on port %lld of '%s', as bridge '%s' does "
		"at %s:%u",
		clash->second->id, (long long)clash->second_port->integer,
		clash->host, clash->first->id, at->source->path, at->line);
	diag_about(data, clash->first->path);
}

void check_port_clash(struct catalog *catalog, struct diags *diags)
{
	port_clash_each(catalog, port_clash_report, diags);
}

void check_health_port(struct catalog *catalog, const struct document *document,
	struct diags *diags)
{
	struct layers layers;

	if (document->kind != DOCUMENT_BRIDGE)
		return;
	layers_of_document(&layers, catalog, document);
	health_port_report(&layers, diags);
}
