#include "tunnel/supervisor/desired.h"

#include "schema/base/json_line.h"
#include "tunnel/state/state_dir.h"

/* By name, as they are defined. */
static json_t *running(const struct supervisor *supervisor)
{
	json_t *all = json_object();

	for (size_t i = 0; i < supervisor->count; i++)
		json_object_set_new(all, supervisor->tunnels[i]->bridge.name,
			bridge_to_json(&supervisor->tunnels[i]->bridge, false));
	return all;
}

void desired_write(struct supervisor *supervisor)
{
	json_auto_t *all = json_copy(supervisor->wanted);

	/* What ends with the supervisor is in there already. */
	if (!supervisor->stop_reason)
		json_object_update_new(all, running(supervisor));
	file_writer_replace(&supervisor->writer, STATE_DESIRED, json_line(all));
}

static void on_save(uv_timer_t *timer)
{
	desired_write(timer->data);
}

/* Many changes come together: one write serves them all. */
void desired_save(struct supervisor *supervisor)
{
	if (!supervisor->stop_reason &&
		!uv_is_active((uv_handle_t *)&supervisor->save))
		uv_timer_start(&supervisor->save, on_save, 20, 0);
}

bool desired_forget(struct supervisor *supervisor, const char *name)
{
	if (json_object_del(supervisor->wanted, name))
		return false;
	if (supervisor->stop_reason)
		desired_write(supervisor);
	else
		desired_save(supervisor);
	return true;
}

void desired_save_now(struct supervisor *supervisor)
{
	if (!uv_is_active((uv_handle_t *)&supervisor->save))
		return;
	uv_timer_stop(&supervisor->save);
	desired_write(supervisor);
}

void desired_keep(struct supervisor *supervisor)
{
	uv_timer_stop(&supervisor->save);
	json_object_update_new(supervisor->wanted, running(supervisor));
	desired_write(supervisor);
}
