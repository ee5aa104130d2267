#include "cmd/mcp/workers.h"

#include "cmd/mcp/session.h"

#include <errno.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_ended = PTHREAD_COND_INITIALIZER;

/* Those that wait for minutes take no thread from those that do not. */
static struct pool {
	pthread_cond_t has_work;
	struct call *queue[WORKERS_QUEUE]; /* a ring */
	size_t first, waiting;
	size_t threads, busy;
} pools[2] = {
	{.has_work = PTHREAD_COND_INITIALIZER},
	{.has_work = PTHREAD_COND_INITIALIZER},
};

static void *run_worker(void *data)
{
	struct pool *pool = data;

	pthread_mutex_lock(&lock);
	for (;;) {
		struct call *call;

		while (!pool->waiting)
			pthread_cond_wait(&pool->has_work, &lock);
		call = pool->queue[pool->first];
		pool->first = (pool->first + 1) % WORKERS_QUEUE;
		pool->waiting--;
		pool->busy++;
		pthread_mutex_unlock(&lock);
		/* Nobody wants what was cancelled before it began. */
		if (!session_is_cancelled(call))
			call->method->run(call);
		session_finish(call);
		pthread_mutex_lock(&lock);
		pool->busy--;
		pthread_cond_broadcast(&has_ended);
	}
	return NULL;
}

/* Under the lock. One that cannot be started leaves the work to the others. */
static void add_thread(struct pool *pool)
{
	pthread_t thread;

	if (pool->busy + pool->waiting <= pool->threads ||
		pool->threads == WORKERS_MAX ||
		pthread_create(&thread, NULL, run_worker, pool))
		return;
	pthread_detach(thread);
	pool->threads++;
}

bool workers_start(struct call *call, bool slow)
{
	struct pool *pool = &pools[slow];
	bool taken;

	pthread_mutex_lock(&lock);
	taken = pool->waiting < WORKERS_QUEUE;
	if (taken) {
		pool->queue[(pool->first + pool->waiting++) % WORKERS_QUEUE] =
			call;
		add_thread(pool);
		taken = pool->threads > 0;
		if (!taken)
			pool->waiting--;
		pthread_cond_signal(&pool->has_work);
	}
	pthread_mutex_unlock(&lock);
	return taken;
}

static bool take_out(struct pool *pool, const struct call *call)
{
	size_t kept = 0;

	for (size_t i = 0; i < pool->waiting; i++) {
		struct call *one =
			pool->queue[(pool->first + i) % WORKERS_QUEUE];

		if (one != call)
			pool->queue[(pool->first + kept++) % WORKERS_QUEUE] =
				one;
	}
	if (kept == pool->waiting)
		return false;
	pool->waiting = kept;
	return true;
}

bool workers_forget(const struct call *call)
{
	bool found = false;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < COUNT(pools); i++)
		found |= take_out(&pools[i], call);
	pthread_cond_broadcast(&has_ended);
	pthread_mutex_unlock(&lock);
	return found;
}

static bool is_idle(void)
{
	for (size_t i = 0; i < COUNT(pools); i++)
		if (pools[i].busy || pools[i].waiting)
			return false;
	return true;
}

bool workers_drain(unsigned milliseconds)
{
	struct timespec until;
	bool idle = false;
	int result = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	pthread_mutex_lock(&lock);
	while (!(idle = is_idle()) && result != ETIMEDOUT)
		result = pthread_cond_timedwait(&has_ended, &lock, &until);
	pthread_mutex_unlock(&lock);
	return idle;
}
