/*
 * Replacing the program of a running supervisor: it writes down what it knows,
 * becomes the new program by execve(2), and that goes on with the same ssh
 * processes, the same socket and the same lock. Its process id stays, so its
 * children see no parent die, and every tunnel carries on.
 *
 * What is written down is JSON in a memfd_create(2) file, and the number of
 * its descriptor is the new program's argument. Descriptors in it are those of
 * the process.
 */
#ifndef TUNNEL_HANDOVER_H
#define TUNNEL_HANDOVER_H

#include "tunnel/supervisor/internal.h"

/*
 * What to hand over; a new reference. NULL while something is under way that
 * cannot be handed over: a stop, an answer from a shared connection.
 */
json_t *handover_save(const struct supervisor *supervisor);

/*
 * Become the program, with what has just been saved. Only comes back when that
 * was not possible: why, for people, malloc'd; everything is as it was then.
 */
char *handover_exec(const struct supervisor *supervisor, const json_t *saved,
	const char *program);

/* In the new program: the files, and what was saved; NULL after a message. */
json_t *handover_open(int fd, struct supervisor_files *files);

/*
 * Go on with every tunnel. One of which something is not understood is
 * connected anew.
 */
void handover_restore(struct supervisor *supervisor, const json_t *saved);

#endif
