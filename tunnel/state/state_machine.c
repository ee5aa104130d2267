#include "tunnel/state/state_machine.h"

#include <assert.h>
#include <string.h>

#define CELL(state, actions, ...)                                              \
	{                                                                      \
		STATE_##state, actions,                                        \
		{                                                              \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define STAY(state) CELL(state, 0, AUDIT_NOTHING)

static const struct transition table[STATE_COUNT][EVENT_COUNT] =
	{
		[STATE_STOPPED] =
			{
				[EVENT_UP] = CELL(
					STARTING, ACTION_SPAWN, AUDIT_STARTED),
				[EVENT_DOWN] = CELL(
					STOPPED, ACTION_FORGET, AUDIT_NOTHING),
				[EVENT_CONFIRMED] = STAY(STOPPED),
				[EVENT_EXITED] = STAY(STOPPED),
				[EVENT_GAVE_UP] = STAY(STOPPED),
				[EVENT_TIMER] = STAY(STOPPED),
				[EVENT_UNHEALTHY] = STAY(STOPPED),
				[EVENT_HEALTHY] = STAY(STOPPED),
			},
		[STATE_STARTING] =
			{
				[EVENT_UP] = STAY(STARTING),
				[EVENT_DOWN] = CELL(
					STOPPING, ACTION_KILL, AUDIT_NOTHING),
				[EVENT_CONFIRMED] = CELL(CONNECTED,
					ACTION_HEALTH_ON, AUDIT_CONNECTED),
				[EVENT_EXITED] = CELL(WAITING, ACTION_SCHEDULE,
					AUDIT_RECONNECTING),
				[EVENT_GAVE_UP] = CELL(FAILED, 0, AUDIT_FAILED),
				[EVENT_TIMER] = STAY(STARTING),
				[EVENT_UNHEALTHY] = STAY(STARTING),
				[EVENT_HEALTHY] = STAY(STARTING),
			},
		[STATE_CONNECTED] =
			{
				[EVENT_UP] = STAY(CONNECTED),
				[EVENT_DOWN] = CELL(STOPPING,
					ACTION_KILL | ACTION_HEALTH_OFF,
					AUDIT_NOTHING),
				[EVENT_CONFIRMED] = STAY(CONNECTED),
				[EVENT_EXITED] = CELL(WAITING,
					ACTION_SCHEDULE | ACTION_HEALTH_OFF,
					AUDIT_DISCONNECTED, AUDIT_RECONNECTING),
				[EVENT_GAVE_UP] = CELL(FAILED,
					ACTION_HEALTH_OFF, AUDIT_DISCONNECTED,
					AUDIT_FAILED),
				[EVENT_TIMER] = STAY(CONNECTED),
				[EVENT_UNHEALTHY] = CELL(
					DEGRADED, 0, AUDIT_UNHEALTHY),
				[EVENT_HEALTHY] = STAY(CONNECTED),
			},
		[STATE_DEGRADED] =
			{
				[EVENT_UP] = STAY(DEGRADED),
				[EVENT_DOWN] = CELL(STOPPING,
					ACTION_KILL | ACTION_HEALTH_OFF,
					AUDIT_NOTHING),
				[EVENT_CONFIRMED] = STAY(DEGRADED),
				[EVENT_EXITED] = CELL(WAITING,
					ACTION_SCHEDULE | ACTION_HEALTH_OFF,
					AUDIT_DISCONNECTED, AUDIT_RECONNECTING),
				[EVENT_GAVE_UP] = CELL(FAILED,
					ACTION_HEALTH_OFF, AUDIT_DISCONNECTED,
					AUDIT_FAILED),
				[EVENT_TIMER] = STAY(DEGRADED),
				[EVENT_UNHEALTHY] = STAY(DEGRADED),
				[EVENT_HEALTHY] = CELL(
					CONNECTED, 0, AUDIT_RECOVERED),
			},
		[STATE_WAITING] =
			{
				/* Asking again means: now, not when the timer
				   says so. */
				[EVENT_UP] =
					CELL(RETRYING,
						ACTION_CANCEL | ACTION_SPAWN,
						AUDIT_NOTHING),
				[EVENT_DOWN] =
					CELL(STOPPED,
						ACTION_CANCEL | ACTION_FORGET,
						AUDIT_STOPPED),
				[EVENT_CONFIRMED] = STAY(WAITING),
				[EVENT_EXITED] = STAY(WAITING),
				[EVENT_GAVE_UP] = STAY(WAITING),
				[EVENT_TIMER] = CELL(RETRYING,
					ACTION_CANCEL | ACTION_SPAWN,
					AUDIT_NOTHING),
				[EVENT_UNHEALTHY] = STAY(WAITING),
				[EVENT_HEALTHY] = STAY(WAITING),
			},
		[STATE_RETRYING] =
			{
				[EVENT_UP] = STAY(RETRYING),
				[EVENT_DOWN] =
					CELL(STOPPING, ACTION_KILL,
						AUDIT_NOTHING),
				[EVENT_CONFIRMED] =
					CELL(CONNECTED, ACTION_HEALTH_ON,
						AUDIT_CONNECTED),
				[EVENT_EXITED] =
					CELL(WAITING, ACTION_SCHEDULE,
						AUDIT_RECONNECTING),
				[EVENT_GAVE_UP] = CELL(FAILED, 0, AUDIT_FAILED),
				[EVENT_TIMER] = STAY(RETRYING),
				[EVENT_UNHEALTHY] = STAY(RETRYING),
				[EVENT_HEALTHY] = STAY(RETRYING),
			},
		[STATE_FAILED] =
			{
				[EVENT_UP] =
					CELL(STARTING, ACTION_SPAWN,
						AUDIT_STARTED),
				[EVENT_DOWN] =
					CELL(STOPPED, ACTION_FORGET,
						AUDIT_STOPPED),
				[EVENT_CONFIRMED] = STAY(FAILED),
				[EVENT_EXITED] = STAY(FAILED),
				[EVENT_GAVE_UP] = STAY(FAILED),
				[EVENT_TIMER] = STAY(FAILED),
				[EVENT_UNHEALTHY] = STAY(FAILED),
				[EVENT_HEALTHY] = STAY(FAILED),
			},
		[STATE_STOPPING] =
			{
				[EVENT_UP] = STAY(STOPPING),
				[EVENT_DOWN] = STAY(STOPPING),
				[EVENT_CONFIRMED] = STAY(STOPPING),
				[EVENT_EXITED] =
					CELL(STOPPED, ACTION_FORGET,
						AUDIT_STOPPED),
				[EVENT_GAVE_UP] =
					CELL(STOPPED, ACTION_FORGET,
						AUDIT_STOPPED),
				[EVENT_TIMER] = STAY(STOPPING),
				[EVENT_UNHEALTHY] = STAY(STOPPING),
				[EVENT_HEALTHY] = STAY(STOPPING),
			},
};

struct transition state_machine_step(
	enum bridge_state state, enum bridge_event event)
{
	assert(state < STATE_COUNT && event < EVENT_COUNT);
	return table[state][event];
}

const char *state_name(enum bridge_state state)
{
	static const char *const names[STATE_COUNT] = {
		[STATE_STOPPED] = "stopped",
		[STATE_STARTING] = "starting",
		[STATE_CONNECTED] = "connected",
		[STATE_DEGRADED] = "degraded",
		[STATE_WAITING] = "reconnecting",
		[STATE_RETRYING] = "reconnecting",
		[STATE_FAILED] = "failed",
		[STATE_STOPPING] = "stopping",
	};

	return names[state];
}

const char *state_word(enum bridge_state state)
{
	switch (state) {
	case STATE_WAITING:
		return "waiting";
	case STATE_RETRYING:
		return "retrying";
	case STATE_STOPPED:
	case STATE_STARTING:
	case STATE_CONNECTED:
	case STATE_DEGRADED:
	case STATE_FAILED:
	case STATE_STOPPING:
	case STATE_COUNT:
		break;
	}
	return state_name(state);
}

const char *bridge_event_word(enum bridge_event event)
{
	static const char *const words[EVENT_COUNT] = {
		[EVENT_UP] = "up",
		[EVENT_DOWN] = "down",
		[EVENT_CONFIRMED] = "confirmed",
		[EVENT_EXITED] = "exited",
		[EVENT_GAVE_UP] = "gave-up",
		[EVENT_TIMER] = "timer",
		[EVENT_UNHEALTHY] = "unhealthy",
		[EVENT_HEALTHY] = "healthy",
	};

	return words[event];
}

enum bridge_state state_find(const char *word)
{
	int state = 0;

	while (state < STATE_COUNT &&
		(!word || strcmp(state_word((enum bridge_state)state), word)))
		state++;
	return (enum bridge_state)state;
}

const char *audit_event_name(enum audit_event event)
{
	static const char *const names[AUDIT_EVENTS] = {
		[AUDIT_NOTHING] = "",
		[AUDIT_STARTED] = "bridge_started",
		[AUDIT_CONNECTED] = "bridge_connected",
		[AUDIT_DISCONNECTED] = "bridge_disconnected",
		[AUDIT_RECONNECTING] = "bridge_reconnecting",
		[AUDIT_UNHEALTHY] = "health_check_failed",
		[AUDIT_RECOVERED] = "health_check_recovered",
		[AUDIT_STOPPED] = "bridge_stopped",
		[AUDIT_FAILED] = "bridge_failed",
		[AUDIT_UPDATED] = "bridge_updated",
		[AUDIT_HOOK_FAILED] = "hook_failed",
	};

	return names[event];
}

enum audit_event audit_event_find(const char *name)
{
	for (int event = AUDIT_NOTHING + 1; name && event < AUDIT_EVENTS;
		event++)
		if (!strcmp(audit_event_name((enum audit_event)event), name))
			return (enum audit_event)event;
	return AUDIT_NOTHING;
}
