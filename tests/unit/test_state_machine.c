/*
 * The table of states and events: every cell keeps the promises that the
 * supervisor relies on.
 */
#include "tests/unit/unit.h"

#include "tunnel/state/state_machine.h"

static bool is_up(enum bridge_state state)
{
	return state == STATE_CONNECTED || state == STATE_DEGRADED;
}

static bool has_process(enum bridge_state state)
{
	return is_up(state) || state == STATE_STARTING ||
	       state == STATE_RETRYING || state == STATE_STOPPING;
}

static size_t audits(struct transition step)
{
	return (step.audit[0] != AUDIT_NOTHING) +
	       (step.audit[1] != AUDIT_NOTHING);
}

/* Calls check() with every cell. */
static void walk(void (*check)(enum bridge_state state, enum bridge_event event,
	struct transition step))
{
	for (int state = 0; state < STATE_COUNT; state++)
		for (int event = 0; event < EVENT_COUNT; event++)
			check((enum bridge_state)state,
				(enum bridge_event)event,
				state_machine_step((enum bridge_state)state,
					(enum bridge_event)event));
}

static void check_health(enum bridge_state state, enum bridge_event event,
	struct transition step)
{
	bool on = (step.actions & ACTION_HEALTH_ON) != 0;
	bool off = (step.actions & ACTION_HEALTH_OFF) != 0;

	(void)event;
	assert_int_equal(on, !is_up(state) && is_up(step.next));
	assert_int_equal(off, is_up(state) && !is_up(step.next));
}

static void health_is_checked_exactly_while_the_forward_is_there(void **state)
{
	(void)state;
	walk(check_health);
}

static void check_process(enum bridge_state state, enum bridge_event event,
	struct transition step)
{
	bool spawns = (step.actions & ACTION_SPAWN) != 0;
	bool kills = (step.actions & ACTION_KILL) != 0;

	(void)event;
	assert_false(spawns && kills);
	if (spawns) {
		assert_false(has_process(state));
		assert_true(step.next == STATE_STARTING ||
			    step.next == STATE_RETRYING);
	}
	if (kills) {
		assert_true(has_process(state));
		assert_int_equal(step.next, STATE_STOPPING);
	}
}

static void a_process_is_started_only_where_there_is_none(void **state)
{
	(void)state;
	walk(check_process);
}

static void check_timer(enum bridge_state state, enum bridge_event event,
	struct transition step)
{
	(void)event;
	assert_int_equal((step.actions & ACTION_SCHEDULE) != 0,
		state != STATE_WAITING && step.next == STATE_WAITING);
	assert_int_equal((step.actions & ACTION_CANCEL) != 0,
		state == STATE_WAITING && step.next != STATE_WAITING);
}

static void the_wait_begins_and_ends_with_its_state(void **state)
{
	(void)state;
	walk(check_timer);
}

static void check_audit(enum bridge_state state, enum bridge_event event,
	struct transition step)
{
	(void)event;
	if (state == step.next)
		assert_int_equal(audits(step), 0);
	if (is_up(state) && !is_up(step.next) && step.next != STATE_STOPPING)
		assert_int_equal(step.audit[0], AUDIT_DISCONNECTED);
	if (step.next == STATE_FAILED && state != STATE_FAILED)
		assert_int_equal(step.audit[audits(step) - 1], AUDIT_FAILED);
	if (step.next == STATE_STOPPED && state != STATE_STOPPED)
		assert_int_equal(step.audit[0], AUDIT_STOPPED);
}

static void every_change_that_users_see_is_audited(void **state)
{
	(void)state;
	walk(check_audit);
}

static void check_forget(enum bridge_state state, enum bridge_event event,
	struct transition step)
{
	if (step.actions & ACTION_FORGET)
		assert_int_equal(step.next, STATE_STOPPED);
	if (event == EVENT_DOWN)
		assert_true(step.next == STATE_STOPPED ||
			    step.next == STATE_STOPPING);
	if (state == STATE_STOPPING)
		assert_true(step.next == STATE_STOPPING ||
			    (step.actions & ACTION_FORGET));
}

static void down_always_ends_in_stopped(void **state)
{
	(void)state;
	walk(check_forget);
}

static void check_failed(enum bridge_state state, enum bridge_event event,
	struct transition step)
{
	if (state == STATE_FAILED && event != EVENT_UP && event != EVENT_DOWN)
		assert_int_equal(step.next, STATE_FAILED);
}

static void only_a_person_gets_a_failed_bridge_going(void **state)
{
	(void)state;
	walk(check_failed);
}

static void a_second_stop_is_ignored(void **state)
{
	struct transition step = state_machine_step(STATE_STOPPING, EVENT_DOWN);

	(void)state;
	assert_int_equal(step.next, STATE_STOPPING);
	assert_int_equal(step.actions, 0);
	assert_int_equal(audits(step), 0);
}

static void up_in_the_wait_tries_at_once(void **state)
{
	struct transition step = state_machine_step(STATE_WAITING, EVENT_UP);

	(void)state;
	assert_int_equal(step.next, STATE_RETRYING);
	assert_true(step.actions & ACTION_SPAWN);
	assert_true(step.actions & ACTION_CANCEL);
}

static void a_drop_is_two_lines_in_the_log(void **state)
{
	struct transition step = state_machine_step(
		STATE_DEGRADED, EVENT_EXITED);

	(void)state;
	assert_int_equal(step.audit[0], AUDIT_DISCONNECTED);
	assert_int_equal(step.audit[1], AUDIT_RECONNECTING);
}

static void every_state_and_audit_event_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < STATE_COUNT; i++)
		assert_true(strlen(state_name((enum bridge_state)i)) > 0);
	for (int i = AUDIT_NOTHING + 1; i < AUDIT_EVENTS; i++)
		assert_true(strlen(audit_event_name((enum audit_event)i)) > 0);
	assert_string_equal(state_name(STATE_WAITING), "reconnecting");
	assert_string_equal(state_name(STATE_RETRYING), "reconnecting");
}

/* What one program writes down, another reads: each word means one thing. */
static void words_lead_back_to_their_state_and_event(void **state)
{
	(void)state;
	for (int i = 0; i < STATE_COUNT; i++)
		assert_int_equal(
			state_find(state_word((enum bridge_state)i)), i);
	for (int i = AUDIT_NOTHING + 1; i < AUDIT_EVENTS; i++)
		assert_int_equal(
			audit_event_find(audit_event_name((enum audit_event)i)),
			i);
	assert_int_equal(state_find("reconnecting"), STATE_COUNT);
	assert_int_equal(state_find(NULL), STATE_COUNT);
	assert_int_equal(audit_event_find(""), AUDIT_NOTHING);
	assert_int_equal(audit_event_find(NULL), AUDIT_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			health_is_checked_exactly_while_the_forward_is_there),
		cmocka_unit_test(a_process_is_started_only_where_there_is_none),
		cmocka_unit_test(the_wait_begins_and_ends_with_its_state),
		cmocka_unit_test(every_change_that_users_see_is_audited),
		cmocka_unit_test(down_always_ends_in_stopped),
		cmocka_unit_test(only_a_person_gets_a_failed_bridge_going),
		cmocka_unit_test(a_second_stop_is_ignored),
		cmocka_unit_test(up_in_the_wait_tries_at_once),
		cmocka_unit_test(a_drop_is_two_lines_in_the_log),
		cmocka_unit_test(every_state_and_audit_event_has_a_name),
		cmocka_unit_test(words_lead_back_to_their_state_and_event),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
