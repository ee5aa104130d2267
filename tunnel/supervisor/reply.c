#include "tunnel/supervisor/reply.h"

json_t *reply_new(const json_t *id, bool ok)
{
	json_t *json = json_object();

	if (id)
		json_object_set(json, "id", (json_t *)(uintptr_t)id);
	json_object_set_new(json, "ok", json_boolean(ok));
	return json;
}

void reply_refuse(struct server_client *client, const json_t *request,
	const char *code, const char *message)
{
	json_t *json = reply_new(json_object_get(request, "id"), false);

	json_object_set_new(json, "error",
		json_pack("{s:s, s:s}", "code", code, "message", message));
	server_send(client, json);
}

void reply_agree(
	struct server_client *client, const json_t *request, json_t *bridge)
{
	json_t *json = reply_new(json_object_get(request, "id"), true);

	if (bridge)
		json_object_set_new(json, "bridge", bridge);
	server_send(client, json);
}
