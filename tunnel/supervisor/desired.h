/*
 * .desired.json: what is to run, by name, so that `up --resume` can bring it
 * back after a crash or a reboot. Many changes come together, and one write
 * serves them all.
 */
#ifndef TUNNEL_DESIRED_H
#define TUNNEL_DESIRED_H

#include "tunnel/supervisor/internal.h"

/* It will be written again soon, unless the supervisor is ending. */
void desired_save(struct supervisor *supervisor);

/* What desired_save() has put off, if anything. */
void desired_save_now(struct supervisor *supervisor);

/* Whether something was put off or not. */
void desired_write(struct supervisor *supervisor);

/* The supervisor is ending: all that runs now stays in it. */
void desired_keep(struct supervisor *supervisor);

/* `up --resume` brings it back no more; false when it would not have. */
bool desired_forget(struct supervisor *supervisor, const char *name);

#endif
