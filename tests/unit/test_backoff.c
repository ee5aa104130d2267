/*
 * When a lost bridge tries again.
 */
#include "tests/unit/unit.h"

#include "tunnel/supervisor/backoff.h"

enum { MIDDLE = UINT32_MAX / 2 };

static struct backoff five_to_sixty(void)
{
	return (struct backoff){.initial_ms = 5000, .max_ms = 60000};
}

static void assert_about(uint64_t wait, uint64_t wanted)
{
	assert_in_range(wait, wanted - wanted / 100, wanted + wanted / 100);
}

static void a_drop_retries_at_once(void **state)
{
	struct backoff least = five_to_sixty();
	struct backoff most = five_to_sixty();

	(void)state;
	assert_int_equal(backoff_next(&least, SSH_CLOSED, 90000, 0), 0);
	assert_int_equal(
		backoff_next(&most, SSH_CLOSED, 90000, UINT32_MAX), 200);
}

static void waits_double_up_to_the_most(void **state)
{
	static const uint64_t wanted[] = {
		5000, 10000, 20000, 40000, 60000, 60000, 60000};
	struct backoff backoff = five_to_sixty();

	(void)state;
	backoff_next(&backoff, SSH_CLOSED, 90000, MIDDLE);

	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_about(backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE),
			wanted[i]);
}

static void a_first_attempt_that_fails_waits_the_initial_time(void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	assert_about(backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE), 5000);
	assert_about(backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE), 10000);
}

static void waits_are_spread_by_ten_percent(void **state)
{
	struct backoff least = five_to_sixty();
	struct backoff most = five_to_sixty();

	(void)state;
	assert_int_equal(backoff_next(&least, SSH_NETWORK, 0, 0), 4500);
	assert_int_equal(backoff_next(&most, SSH_NETWORK, 0, UINT32_MAX), 5500);
}

static void a_connection_that_flaps_is_not_retried_at_once_for_ever(
	void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	assert_true(backoff_next(&backoff, SSH_CLOSED, 1000, MIDDLE) <= 200);

	assert_about(backoff_next(&backoff, SSH_CLOSED, 1000, MIDDLE), 5000);
	assert_about(backoff_next(&backoff, SSH_CLOSED, 1000, MIDDLE), 10000);
}

static void a_minute_connected_starts_over(void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	for (int i = 0; i < 8; i++)
		backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE);
	assert_true(backoff_next(&backoff, SSH_CLOSED, BACKOFF_STEADY_MS,
			    MIDDLE) <= 200);

	assert_about(backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE), 5000);
}

static void a_refused_key_waits_the_longest_at_once(void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	assert_about(backoff_next(&backoff, SSH_AUTH, 0, MIDDLE), 60000);
}

static void a_throttling_server_is_given_more_time(void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	assert_about(backoff_next(&backoff, SSH_THROTTLED, 0, MIDDLE), 10000);
}

static void failures_count_attempts_in_a_row(void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE);
	backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE);
	assert_int_equal(backoff.failures, 2);

	backoff_next(&backoff, SSH_CLOSED, 10, MIDDLE);
	assert_int_equal(backoff.failures, 0);
}

static void a_year_of_failures_overflows_nothing(void **state)
{
	struct backoff backoff = five_to_sixty();

	(void)state;
	for (int i = 0; i < 1000000; i++)
		backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE);

	assert_about(backoff_next(&backoff, SSH_NETWORK, 0, MIDDLE), 60000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drop_retries_at_once),
		cmocka_unit_test(waits_double_up_to_the_most),
		cmocka_unit_test(
			a_first_attempt_that_fails_waits_the_initial_time),
		cmocka_unit_test(waits_are_spread_by_ten_percent),
		cmocka_unit_test(
			a_connection_that_flaps_is_not_retried_at_once_for_ever),
		cmocka_unit_test(a_minute_connected_starts_over),
		cmocka_unit_test(a_refused_key_waits_the_longest_at_once),
		cmocka_unit_test(a_throttling_server_is_given_more_time),
		cmocka_unit_test(failures_count_attempts_in_a_row),
		cmocka_unit_test(a_year_of_failures_overflows_nothing),
	};

	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
