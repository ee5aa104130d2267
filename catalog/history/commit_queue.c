#include "catalog/history/commit_queue.h"

#include "schema/base/alloc.h"
#include "schema/base/fnv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void pending_release(struct pending *pending)
{
	git_commit_free(pending->commit);
	free(pending->path);
	*pending = (struct pending){.path = NULL};
}

void commit_queue_release(struct commit_queue *queue)
{
	while (queue->count)
		pending_release(&queue->list[--queue->count]);
	free(queue->list);
	oid_set_release(&queue->seen);
	*queue = (struct commit_queue)COMMIT_QUEUE_INIT;
}

void commit_queue_push(
	struct commit_queue *queue, git_commit *commit, const char *path)
{
	queue->list = own_grow(queue->list, queue->count, &queue->capacity,
		sizeof(*queue->list));
	queue->list[queue->count++] = (struct pending){
		.commit = commit, .path = own_strdup(path)};
}

void commit_queue_keep_last(struct commit_queue *queue, size_t first)
{
	struct pending last = queue->list[--queue->count];

	while (queue->count > first)
		pending_release(&queue->list[--queue->count]);
	queue->list[queue->count++] = last;
}

/* The commit's id, changed by the path. */
static git_oid key_of(const struct pending *pending)
{
	git_oid key = *git_commit_id(pending->commit);
	uint64_t hash = fnv_add(
		FNV_BASIS, pending->path, strlen(pending->path));

	for (size_t i = 0; i < sizeof(hash); i++)
		key.id[i] ^= (unsigned char)(hash >> 8 * i);
	return key;
}

static struct pending take_newest(struct commit_queue *queue)
{
	size_t newest = 0;
	struct pending *last = &queue->list[queue->count - 1];
	struct pending pending;

	for (size_t i = 1; i < queue->count; i++)
		if (git_commit_time(queue->list[i].commit) >
			git_commit_time(queue->list[newest].commit))
			newest = i;
	pending = queue->list[newest];
	queue->list[newest] = *last;
	*last = (struct pending){.path = NULL};
	queue->count--;
	return pending;
}

bool commit_queue_pop(struct commit_queue *queue, struct pending *pending)
{
	while (queue->count) {
		struct pending newest = take_newest(queue);
		git_oid key = key_of(&newest);

		if (oid_set_add(&queue->seen, &key)) {
			*pending = newest;
			return true;
		}
		pending_release(&newest);
	}
	return false;
}
