#ifndef TUNNEL_STATE_STATUS_H
#define TUNNEL_STATE_STATUS_H

#include <jansson.h>

/*
 * What the directory says about one bridge when no supervisor does: the JSON
 * of `status` (a new reference), from .desired.json (may be NULL), the state
 * file and the last audit line. A state that needs a living supervisor reads
 * as stopped.
 */
json_t *state_status(int directory, const char *name, const json_t *desired);

#endif
