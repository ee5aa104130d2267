#include "tunnel/supervisor/signals.h"

#include "schema/base/alloc.h"

#include <signal.h>
#include <stddef.h>

void signals_hold(bool hold)
{
	static const int held[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
	static unsigned holders;
	sigset_t set;

	if (hold ? holders++ : --holders)
		return;
	sigemptyset(&set);
	for (size_t i = 0; i < COUNT(held); i++)
		sigaddset(&set, held[i]);
	pthread_sigmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}
