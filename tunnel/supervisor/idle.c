#include "tunnel/supervisor/idle.h"

#include "tunnel/supervisor/publish.h"

void idle_end(struct supervisor *supervisor)
{
	if (supervisor->count || supervisor->ending)
		return;
	if (publish_is_pending(supervisor))
		return;
	if (!supervisor->stop_reason && server_has_staying(&supervisor->server))
		return;
	supervisor->ending = true;
	uv_stop(supervisor->loop);
}
