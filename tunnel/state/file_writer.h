/*
 * Files written off the loop: jobs go to libuv's thread pool one batch at a
 * time and in order, so a slow or a full disk delays no bridge. Of several
 * contents for one file in a batch, only the newest is written.
 *
 * A failed audit line is counted; the first line that comes through again is
 * preceded by one that says how many were lost. A file that could not be
 * replaced is tried again with the next batch, at the latest in five seconds:
 * once a full disk has room, the state files are true again.
 */
#ifndef TUNNEL_WRITER_H
#define TUNNEL_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct writer_job;

struct file_writer {
	uv_loop_t *loop;
	uv_work_t work;
	int directory;
	uv_timer_t retry;
	bool busy;
	struct writer_job *first, **last; /* waiting */
	struct writer_job *batch;         /* at work */
	struct writer_job *failed;        /* to be tried again */
	unsigned long lost;               /* audit lines, since the last said */
	int error;                        /* errno of the last failure, or 0 */
};

void file_writer_init(
	struct file_writer *writer, uv_loop_t *loop, int directory);

/* Content is taken over; NULL removes the file. */
void file_writer_replace(
	struct file_writer *writer, const char *file, char *content);

/* A line for {name}.log, with its newline; taken over. */
void file_writer_audit(
	struct file_writer *writer, const char *name, char *line);

/*
 * Call `done` from the loop once everything queued so far is on disk (or has
 * failed).
 */
void file_writer_barrier(
	struct file_writer *writer, void (*done)(void *data), void *data);

/*
 * No file waits to be written, but for what failed and is tried again; others
 * may be waiting for that, too.
 */
bool file_writer_is_idle(const struct file_writer *writer);

/* The errno of files that could not be replaced so far, 0 when all are. */
int file_writer_failure(const struct file_writer *writer);

/* Write the rest here and now: for the end, when the loop has stopped. */
void file_writer_flush(struct file_writer *writer);

#endif
