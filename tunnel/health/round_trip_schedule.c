#include "tunnel/health/round_trip_schedule.h"

enum {
	LOOK_EVERY = 20, /* requests, once an arrival has been seen */
	MISSES = 3,      /* in a row, at once */
};

void look_join(struct look *look, struct look **all)
{
	look->all = all;
	look->next = *all;
	*all = look;
}

void look_leave(struct look *look)
{
	struct look **link = look->all;

	if (!link)
		return;
	while (*link != look)
		link = &(*link)->next;
	*link = look->next;
	arrival_release(&look->arrival);
	look_wake(look);
	look->all = NULL;
}

/* Where sizes do not tell, nobody else asks while one looks, or waits to. */
static bool must_wait(const struct look *look, bool due)
{
	for (const struct look *other = *look->all; other;
		other = other->next) {
		if (other == look || other->ssh != look->ssh)
			continue;
		if (due && !look->measured && other->asking)
			return true;
		if (other->measured)
			continue;
		if (other->looking || (!due && other->queued && !other->seen))
			return true;
	}
	return false;
}

static bool somebody_looks(const struct look *look)
{
	for (const struct look *other = *look->all; other; other = other->next)
		if (other->looking && other->ssh == look->ssh)
			return true;
	return false;
}

bool look_begin(struct look *look, uint64_t now)
{
	bool due = !look->seen || look->unseen + 1 >= LOOK_EVERY;
	bool wait;

	look->looked = false;
	look->arrived = ARRIVAL_UNKNOWN;
	if (!look->all)
		return true;
	wait = must_wait(look, due);
	look->asking = !wait;
	if (!wait && !due) {
		look->queued = 0;
		look->unseen++;
	} else if (!wait && !somebody_looks(look)) {
		look->queued = 0;
		look->looking = true;
		arrival_prepare(&look->arrival, look->ssh);
	} else if (!look->queued) {
		look->queued = now;
	}
	return !wait;
}

void look_at(struct look *look, size_t sent)
{
	if (!look->looking || look->looked)
		return;
	look->looked = true;
	look->arrived = arrival_look(
		&look->arrival, look->port, look->measured ? sent : 0);
}

bool look_end(struct look *look)
{
	bool was_looking = look->looking;

	look->asking = false;
	look->looking = false;
	if (!was_looking)
		return false;
	arrival_release(&look->arrival);
	if (!look->looked)
		return false;
	look->unseen = 0;
	look->seen = look->arrived != ARRIVAL_MISSED;
	look->missed = look->seen ? 0 : look->missed + 1;
	return look->missed && look->missed < MISSES;
}

/* The one that has waited longest. */
void look_wake(const struct look *look)
{
	const struct look *first = NULL;

	if (!look->all)
		return;
	for (const struct look *other = *look->all; other;
		other = other->next) {
		if (other->ssh != look->ssh)
			continue;
		if (other->looking)
			return;
		if (other->queued && !other->asking &&
			(!first || other->queued < first->queued))
			first = other;
	}
	if (first)
		first->ask(first->data);
}

bool look_is_missed(const struct look *look)
{
	return look->missed >= MISSES;
}

bool look_is_in_doubt(const struct look *look)
{
	return look->queued && !look->seen;
}
