#include "tunnel/state/file_writer.h"

#include "schema/base/alloc.h"
#include "schema/base/text.h"
#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RETRY_MS = 5000, FILES_AT_ONCE = 64 };

enum job_kind { JOB_REPLACE, JOB_AUDIT, JOB_BARRIER };

struct writer_job {
	struct writer_job *next;
	enum job_kind kind;
	bool failed;   /* of JOB_REPLACE */
	int error;     /* then, why */
	char *file;    /* of an audit line: the bridge's name */
	char *content; /* NULL removes */
	void (*done)(void *data);
	void *data;
};

void file_writer_init(
	struct file_writer *writer, uv_loop_t *loop, int directory)
{
	*writer = (struct file_writer){.loop = loop, .directory = directory};
	writer->last = &writer->first;
	uv_timer_init(loop, &writer->retry);
	writer->retry.data = writer;
}

static void job_free(struct writer_job *job)
{
	free(job->file);
	free(job->content);
	free(job);
}

/* Somebody must learn that lines are missing: the log itself says it. */
static void tell_loss(struct file_writer *writer, const char *name)
{
	AUTO(text) line = TEXT_INIT;
	struct timespec now;
	char when[AUDIT_TIME_SIZE];

	clock_gettime(CLOCK_REALTIME, &now);
	audit_log_time(when, &now);
	text_format(&line,
		"{\"ts\":\"%s\",\"tunnel\":\"%s\",\"event\":\"audit_lost\","
		"\"actor\":null,\"actor_class\":null,\"detail\":\"%lu audit "
		"lines could not be written: %s\"}\n",
		when, name, writer->lost, strerror(writer->error));
	if (audit_log_append(writer->directory, name, line.data, line.length)) {
		writer->lost = 0;
		writer->error = 0;
	}
}

static void run_audit(struct file_writer *writer, const struct writer_job *job)
{
	if (writer->lost)
		tell_loss(writer, job->file);
	if (!writer->lost && audit_log_append(writer->directory, job->file,
				     job->content, strlen(job->content)))
		return;
	writer->error = errno ? errno : EIO;
	writer->lost++;
}

static bool superseded(const struct writer_job *job)
{
	for (const struct writer_job *later = job->next; later;
		later = later->next)
		if (later->kind == JOB_REPLACE &&
			!strcmp(later->file, job->file))
			return true;
	return false;
}

/*
 * A few files together: what the first fsync() makes the file system write
 * covers the others, whose own cost next to nothing then.
 */
static void finish_files(struct file_writer *writer, struct writer_job **jobs,
	const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		jobs[i]->failed = fds[i] < 0;
		if (fds[i] >= 0 && fsync(fds[i])) {
			jobs[i]->error = errno;
			jobs[i]->failed = !state_write_abandon(
				writer->directory, jobs[i]->file, fds[i]);
		}
	}
	for (size_t i = 0; i < count; i++)
		if (!jobs[i]->failed && !state_write_end(writer->directory,
						jobs[i]->file, fds[i], false)) {
			jobs[i]->failed = true;
			jobs[i]->error = errno;
		}
}

/* In a thread of the pool: touches nothing but the batch. */
static void run_batch(struct file_writer *writer)
{
	struct writer_job *jobs[FILES_AT_ONCE];
	int fds[FILES_AT_ONCE];
	size_t count = 0;

	for (struct writer_job *job = writer->batch; job; job = job->next) {
		if (job->kind == JOB_AUDIT)
			run_audit(writer, job);
		if (job->kind != JOB_REPLACE || superseded(job))
			continue;
		if (!job->content) {
			unlinkat(writer->directory, job->file, 0);
			continue;
		}
		jobs[count] = job;
		fds[count] = state_write_begin(writer->directory, job->file,
			job->content, strlen(job->content));
		if (fds[count++] < 0)
			job->error = errno;
		if (count == FILES_AT_ONCE) {
			finish_files(writer, jobs, fds, count);
			count = 0;
		}
	}
	finish_files(writer, jobs, fds, count);
}

static void keep(struct file_writer *writer, struct writer_job *job)
{
	struct writer_job **end = &writer->failed;

	while (*end)
		end = &(*end)->next;
	job->next = NULL;
	job->failed = false;
	*end = job;
}

/* In front of what waits, which is newer and supersedes them. */
static void retry_failed(struct file_writer *writer)
{
	struct writer_job **end = &writer->failed;

	if (!writer->failed)
		return;
	while (*end)
		end = &(*end)->next;
	*end = writer->first;
	if (!writer->first)
		writer->last = end;
	writer->first = writer->failed;
	writer->failed = NULL;
}

static void on_work(uv_work_t *work)
{
	run_batch(work->data);
}

static void start(struct file_writer *writer);

static void on_retry(uv_timer_t *timer)
{
	struct file_writer *writer = timer->data;

	retry_failed(writer);
	start(writer);
}

static void on_done(uv_work_t *work, int status)
{
	struct file_writer *writer = work->data;
	struct writer_job *job = writer->batch;

	(void)status;
	writer->batch = NULL;
	writer->busy = false;
	while (job) {
		struct writer_job *next = job->next;

		if (job->kind == JOB_BARRIER)
			job->done(job->data);
		if (job->failed)
			keep(writer, job);
		else
			job_free(job);
		job = next;
	}
	start(writer);
	if (writer->failed && !writer->busy)
		uv_timer_start(&writer->retry, on_retry, RETRY_MS, 0);
}

static void start(struct file_writer *writer)
{
	if (writer->busy || !writer->first)
		return;
	retry_failed(writer);
	writer->batch = writer->first;
	writer->first = NULL;
	writer->last = &writer->first;
	writer->busy = true;
	writer->work.data = writer;
	uv_queue_work(writer->loop, &writer->work, on_work, on_done);
}

static struct writer_job *add_job(
	struct file_writer *writer, enum job_kind kind, const char *file)
{
	struct writer_job *job = own_alloc(sizeof(*job));

	job->kind = kind;
	job->file = file ? own_strdup(file) : NULL;
	*writer->last = job;
	writer->last = &job->next;
	return job;
}

void file_writer_replace(
	struct file_writer *writer, const char *file, char *content)
{
	add_job(writer, JOB_REPLACE, file)->content = content;
	start(writer);
}

void file_writer_audit(struct file_writer *writer, const char *name, char *line)
{
	add_job(writer, JOB_AUDIT, name)->content = line;
	start(writer);
}

void file_writer_barrier(
	struct file_writer *writer, void (*done)(void *data), void *data)
{
	struct writer_job *job = add_job(writer, JOB_BARRIER, NULL);

	job->done = done;
	job->data = data;
	start(writer);
}

bool file_writer_is_idle(const struct file_writer *writer)
{
	if (writer->busy)
		return false;
	for (const struct writer_job *job = writer->first; job; job = job->next)
		if (job->kind != JOB_BARRIER)
			return false;
	return true;
}

int file_writer_failure(const struct file_writer *writer)
{
	if (!writer->failed)
		return 0;
	return writer->failed->error ? writer->failed->error : EIO;
}

void file_writer_flush(struct file_writer *writer)
{
	while (writer->busy)
		uv_run(writer->loop, UV_RUN_ONCE);
	retry_failed(writer);
	while (writer->first) {
		writer->batch = writer->first;
		writer->first = NULL;
		writer->last = &writer->first;
		run_batch(writer);
		on_done(&(uv_work_t){.data = writer}, 0);
	}
	while (writer->failed) {
		struct writer_job *next = writer->failed->next;

		fprintf(stderr,
			"bridge-supervisor: '%s' could not be written: %s\n",
			writer->failed->file, strerror(writer->failed->error));
		job_free(writer->failed);
		writer->failed = next;
	}
}
