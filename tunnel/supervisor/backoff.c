#include "tunnel/supervisor/backoff.h"

/* value +- percent, by chance. */
static uint64_t spread(uint64_t value, unsigned percent, uint32_t chance)
{
	uint64_t width = value * percent * 2 / 100;

	return value - width / 2 + width * chance / UINT32_MAX;
}

static uint64_t doubled(const struct backoff *backoff, unsigned times)
{
	uint64_t wait = backoff->initial_ms;

	for (; times && wait < backoff->max_ms; times--)
		wait *= 2;
	return wait < backoff->max_ms ? wait : backoff->max_ms;
}

uint64_t backoff_next(struct backoff *backoff, enum ssh_cause cause,
	uint64_t up_ms, uint32_t chance)
{
	uint64_t wait;

	if (up_ms >= BACKOFF_STEADY_MS)
		backoff->waits = 0;
	backoff->failures = up_ms ? 0 : backoff->failures + 1;
	if (up_ms && !backoff->waits) {
		backoff->waits = 1;
		return (uint64_t)BACKOFF_SPREAD_MS * chance / UINT32_MAX;
	}
	wait = doubled(backoff, backoff->waits ? backoff->waits - 1 : 0);
	backoff->waits += backoff->waits ? 1 : 2;
	if (backoff->waits > 64)
		backoff->waits = 64;
	switch (cause) {
	case SSH_AUTH:
	case SSH_FORBIDDEN:
		/* A person must change something there, and meanwhile
		   fail2ban and PerSourcePenalties count every attempt. */
		return spread(backoff->max_ms, 10, chance);
	case SSH_THROTTLED:
		/* MaxStartups drops at random: come back well apart. */
		return spread(wait * 2, 50, chance);
	case SSH_HOST_KEY:
	case SSH_PORT_IN_USE:
	case SSH_NETWORK:
	case SSH_DNS:
	case SSH_DEAD_LINK:
	case SSH_CLOSED:
	case SSH_CONFIG:
	case SSH_KEY_FILE:
	case SSH_TIMEOUT:
	case SSH_KILLED:
	case SSH_NOT_STARTED:
	case SSH_UNKNOWN:
		break;
	}
	return spread(wait, 10, chance);
}
