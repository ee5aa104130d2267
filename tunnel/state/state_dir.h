/*
 * The state directory: BRIDGE_STATE_DIR, else $XDG_STATE_HOME/bridge, else
 * ~/.local/state/bridge. One supervisor per directory. 0700, and refused when
 * somebody else owns it or may write to it.
 *
 *	{name}.pid       the supervisor's process id, while the bridge runs
 *	{name}.state     one word: the state
 *	{name}.log       audit log, one JSON object a line (audit_log.h)
 *	.supervisor.sock .supervisor.lock .desired.json .known_hosts
 *
 * Files are replaced by writing a temporary one, fsync and rename: a reader
 * sees the old content or the new, also after kill -9 or on a full disk.
 */
#ifndef TUNNEL_STATE_H
#define TUNNEL_STATE_H

#include "schema/diag/diag.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define STATE_SOCKET  ".supervisor.sock"
#define STATE_LOCK    ".supervisor.lock"
#define STATE_DESIRED ".desired.json"
#define STATE_DAMAGED STATE_DESIRED ".damaged"
#define STATE_MASTER  ".mux." /* and a number: a shared connection's files */

/* The directory's path; malloc'd. False when no HOME says where it is. */
bool state_path(char **path, struct diags *diags);

/*
 * Open it, and make it and what is missing above it when `make` is set. The
 * result is a directory descriptor, or -1: without `make`, a directory that
 * does not exist is -1 and no error.
 */
int state_open(const char *path, bool make, struct diags *diags);

/*
 * Replace a file. False with errno set; the old content is kept then. `sync`
 * waits for the disk: not for the loop's own thread.
 */
bool state_write(int directory, const char *name, const char *bytes,
	size_t length, bool sync);

/*
 * The same in two steps, for many files at once: a descriptor of what will
 * replace it, or -1; and to put it there. Between them the disk can be waited
 * for once and not once for each.
 */
int state_write_begin(
	int directory, const char *name, const char *bytes, size_t length);
bool state_write_end(int directory, const char *name, int fd, bool sync);

/* Or to leave the old content there after all; false, errno is kept. */
bool state_write_abandon(int directory, const char *name, int fd);

/* A small file's content without the last newline; NULL when there is none. */
char *state_read(int directory, const char *name, size_t max_bytes);

/* "{name}.state" and so on; malloc'd. */
char *state_file(const char *name, const char *suffix);

/*
 * Names of bridges that have left a .state file, sorted; malloc'd: free each
 * and the list.
 */
char **state_names(int directory, size_t *count);

/* Is there such a file of this bridge? Any text is a name here. */
bool state_is_known(int directory, const char *name);

/*
 * What a supervisor that was killed has left is made true: no bridge has a
 * .pid, and one that had not failed has stopped. Only under STATE_LOCK.
 */
void state_clean(int directory);

/*
 * .desired.json: what runs, or ran when the last supervisor ended unasked. An
 * object by name; a new reference, empty when missing.
 */
json_t *state_desired(int directory);

/*
 * Is it there, and cannot be understood? It is kept as STATE_DAMAGED then, for
 * a person to look at; true until that is gone.
 */
bool state_desired_is_damaged(int directory);

/*
 * Wait until a supervisor that is ending has written its last, and keep others
 * from starting meanwhile: a descriptor, to be closed. -1 with errno set,
 * EWOULDBLOCK when one lives on.
 */
int state_lock(int directory, unsigned milliseconds);

/*
 * Take bridges out of it, an array of names; under state_lock(), while no
 * supervisor runs, else that is asked. Nothing to take out is no error; false
 * with errno set.
 */
bool state_forget(int directory, const json_t *names);

#endif
