#include "cmd/mcp/cancel.h"

#include "cmd/mcp/workers.h"

void cancel_call(struct session *session, const json_t *id)
{
	struct call *call;
	bool ours; /* nobody else will finish it */

	pthread_mutex_lock(&session->lock);
	call = session_cancel_locked(session, id);
	ours = call &&
	       (call->method->is & METHOD_STAYS || workers_forget(call));
	pthread_mutex_unlock(&session->lock);
	if (ours)
		session_finish(call);
}
