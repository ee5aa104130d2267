/*
 * Taking bridges down and waiting until their processes are gone: what `down`
 * and `apply` share.
 */
#ifndef CMD_TAKE_DOWN_H
#define CMD_TAKE_DOWN_H

#include "tunnel/control/client.h"

/*
 * Ask the supervisor that the client is connected to for the end of each of
 * `names`, an array of texts, and wait for all. One that has ended meanwhile
 * counts, and so does all when the supervisor ends with its last bridge.
 */
bool take_down_bridges(
	struct client *client, const json_t *names, struct diags *diags);

/*
 * The same without a supervisor: what it has left in the state directory says
 * that they are stopped, and unwanted. Under state_lock().
 */
bool take_down_leftovers(
	int directory, const json_t *names, struct diags *diags);

#endif
