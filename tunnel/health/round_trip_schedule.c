#include "tunnel/health/round_trip_schedule.h"

enum {
	LOOK_EVERY = 20, /* requests, once an arrival has been seen */
	MISSES = 3,      /* in a row, at once */
};

void round_trip_schedule_join(
	struct round_trip_schedule *schedule, struct round_trip_schedule **all)
{
	schedule->all = all;
	schedule->next = *all;
	*all = schedule;
}

void round_trip_schedule_leave(struct round_trip_schedule *schedule)
{
	struct round_trip_schedule **link = schedule->all;

	if (!link)
		return;
	while (*link != schedule)
		link = &(*link)->next;
	*link = schedule->next;
	round_trip_release(&schedule->trip);
	round_trip_schedule_wake(schedule);
	schedule->all = NULL;
}

/* Where sizes do not tell, nobody else asks while one looks, or waits to. */
static bool must_wait(const struct round_trip_schedule *schedule, bool due)
{
	for (const struct round_trip_schedule *other = *schedule->all; other;
		other = other->next) {
		if (other == schedule || other->ssh != schedule->ssh)
			continue;
		if (due && !schedule->measured && other->asking)
			return true;
		if (other->measured)
			continue;
		if (other->looking || (!due && other->queued && !other->seen))
			return true;
	}
	return false;
}

static bool somebody_looks(const struct round_trip_schedule *schedule)
{
	for (const struct round_trip_schedule *other = *schedule->all; other;
		other = other->next)
		if (other->looking && other->ssh == schedule->ssh)
			return true;
	return false;
}

bool round_trip_schedule_begin(
	struct round_trip_schedule *schedule, uint64_t now)
{
	bool due = !schedule->seen || schedule->unseen + 1 >= LOOK_EVERY;
	bool wait;

	schedule->looked = false;
	schedule->arrived = ROUND_TRIP_UNKNOWN;
	if (!schedule->all)
		return true;
	wait = must_wait(schedule, due);
	schedule->asking = !wait;
	if (!wait && !due) {
		schedule->queued = 0;
		schedule->unseen++;
	} else if (!wait && !somebody_looks(schedule)) {
		schedule->queued = 0;
		schedule->looking = true;
		round_trip_prepare(&schedule->trip, schedule->ssh);
	} else if (!schedule->queued) {
		schedule->queued = now;
	}
	return !wait;
}

void round_trip_schedule_at(struct round_trip_schedule *schedule, size_t sent)
{
	if (!schedule->looking || schedule->looked)
		return;
	schedule->looked = true;
	schedule->arrived = round_trip_look(
		&schedule->trip, schedule->port, schedule->measured ? sent : 0);
}

bool round_trip_schedule_end(struct round_trip_schedule *schedule)
{
	bool was_looking = schedule->looking;

	schedule->asking = false;
	schedule->looking = false;
	if (!was_looking)
		return false;
	round_trip_release(&schedule->trip);
	if (!schedule->looked)
		return false;
	schedule->unseen = 0;
	schedule->seen = schedule->arrived != ROUND_TRIP_MISSED;
	schedule->missed = schedule->seen ? 0 : schedule->missed + 1;
	return schedule->missed && schedule->missed < MISSES;
}

/* The one that has waited longest. */
void round_trip_schedule_wake(const struct round_trip_schedule *schedule)
{
	const struct round_trip_schedule *first = NULL;

	if (!schedule->all)
		return;
	for (const struct round_trip_schedule *other = *schedule->all; other;
		other = other->next) {
		if (other->ssh != schedule->ssh)
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

bool round_trip_schedule_is_missed(const struct round_trip_schedule *schedule)
{
	return schedule->missed >= MISSES;
}

bool round_trip_schedule_is_in_doubt(const struct round_trip_schedule *schedule)
{
	return schedule->queued && !schedule->seen;
}
