#include "cmd/mcp/work.h"

#include "cmd/mcp/session.h"

#include <errno.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_work = PTHREAD_COND_INITIALIZER;
static pthread_cond_t has_ended = PTHREAD_COND_INITIALIZER;
static struct call *queue[WORK_QUEUE]; /* a ring */
static size_t first, waiting;
static size_t threads, busy;

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		struct call *call;

		while (!waiting)
			pthread_cond_wait(&has_work, &lock);
		call = queue[first];
		first = (first + 1) % WORK_QUEUE;
		waiting--;
		busy++;
		pthread_mutex_unlock(&lock);
		call->method->run(call);
		session_finish(call);
		pthread_mutex_lock(&lock);
		busy--;
		pthread_cond_broadcast(&has_ended);
	}
	return NULL;
}

/* Under the lock. One that cannot be started leaves the work to the others. */
static void add_thread(void)
{
	pthread_t thread;

	if (busy + waiting <= threads || threads == WORK_THREADS ||
		pthread_create(&thread, NULL, work, NULL))
		return;
	pthread_detach(thread);
	threads++;
}

bool work_start(struct call *call)
{
	bool taken;

	pthread_mutex_lock(&lock);
	taken = waiting < WORK_QUEUE;
	if (taken) {
		queue[(first + waiting++) % WORK_QUEUE] = call;
		add_thread();
		taken = threads > 0;
		if (!taken)
			waiting--;
		pthread_cond_signal(&has_work);
	}
	pthread_mutex_unlock(&lock);
	return taken;
}

bool work_drain(unsigned milliseconds)
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
	while (!(idle = !busy && !waiting) && result != ETIMEDOUT)
		result = pthread_cond_timedwait(&has_ended, &lock, &until);
	pthread_mutex_unlock(&lock);
	return idle;
}
