/*
 * Whose turn it is to look. The ssh is none, so that nothing can be seen; who
 * may ask, and who is called, does not depend on that.
 */
#include "tests/unit/unit.h"

#include "tunnel/health/round_trip_schedule.h"

enum { SSH = 0x7ffffff0, OTHER_SSH, LOOKS = 4 };

static struct round_trip_schedule *all;
static struct round_trip_schedule looks[LOOKS];
static unsigned asked[LOOKS];

static void ask(void *data)
{
	asked[(struct round_trip_schedule *)data - looks]++;
}

static void join(int at, pid_t ssh, bool measured)
{
	looks[at] = (struct round_trip_schedule){.ssh = ssh,
		.port = measured ? 80 : 0,
		.measured = measured,
		.ask = ask,
		.data = &looks[at]};
	round_trip_schedule_join(&looks[at], &all);
	asked[at] = 0;
}

static int leave_all(void **state)
{
	(void)state;
	for (int i = 0; i < LOOKS; i++)
		round_trip_schedule_leave(&looks[i]);
	assert_null(all);
	return 0;
}

/* As tunnel/health/health.c goes about it; nothing was missed. */
static void end(int at)
{
	round_trip_schedule_at(&looks[at], 100);
	assert_false(round_trip_schedule_end(&looks[at]));
	round_trip_schedule_wake(&looks[at]);
}

static void one_looks_at_a_time_and_the_others_in_their_order(void **state)
{
	(void)state;
	join(0, SSH, true);
	join(1, SSH, true);
	join(2, SSH, true);
	join(3, OTHER_SSH, true);
	for (int i = 0; i < LOOKS; i++)
		assert_true(
			round_trip_schedule_begin(&looks[i], 10 + (uint64_t)i));
	assert_true(looks[0].looking && looks[3].looking);
	assert_false(looks[1].looking || looks[2].looking);

	/* They ask meanwhile, but what is answered is not known to be ours. */
	end(2);
	assert_true(round_trip_schedule_is_in_doubt(&looks[2]));
	assert_int_equal(asked[1] + asked[2], 0);
	end(1);
	end(0);
	assert_false(round_trip_schedule_is_in_doubt(&looks[0]));
	assert_int_equal(asked[1], 1);
	assert_int_equal(asked[2], 0);

	assert_true(round_trip_schedule_begin(&looks[1], 20));
	assert_true(looks[1].looking);
	end(1);
	assert_int_equal(asked[2], 1);
}

static void who_has_seen_looks_now_and_then(void **state)
{
	unsigned times = 0;

	(void)state;
	join(0, SSH, true);
	for (int i = 0; i < 60; i++) {
		assert_true(round_trip_schedule_begin(&looks[0], 1));
		times += looks[0].looking;
		end(0);
	}
	assert_int_equal(times, 3);
}

static void where_sizes_do_not_tell_the_others_wait(void **state)
{
	(void)state;
	join(0, SSH, false);
	join(1, SSH, false);
	join(2, SSH, true);
	assert_true(round_trip_schedule_begin(&looks[0], 1));
	assert_true(looks[0].looking);
	assert_false(round_trip_schedule_begin(&looks[1], 2));
	assert_false(round_trip_schedule_begin(&looks[2], 3));
	end(0);
	assert_int_equal(asked[1], 1);

	/* It waits for one that has asked before it, too. */
	assert_true(round_trip_schedule_begin(&looks[2], 4));
	assert_false(round_trip_schedule_begin(&looks[1], 5));
	end(2);
	assert_int_equal(asked[1], 2);
	assert_true(round_trip_schedule_begin(&looks[1], 6));
	assert_true(looks[1].looking);
}

static void who_leaves_lets_the_next_look(void **state)
{
	(void)state;
	join(0, SSH, true);
	join(1, SSH, true);
	assert_true(round_trip_schedule_begin(&looks[0], 1));
	assert_true(round_trip_schedule_begin(&looks[1], 2));
	end(1);
	round_trip_schedule_leave(&looks[0]);
	assert_int_equal(asked[1], 1);
}

static void one_that_has_no_way_never_looks(void **state)
{
	struct round_trip_schedule look = {.ssh = 0};

	(void)state;
	assert_true(round_trip_schedule_begin(&look, 1));
	round_trip_schedule_at(&look, 1);
	assert_false(round_trip_schedule_end(&look));
	round_trip_schedule_wake(&look);
	assert_false(look.looking || round_trip_schedule_is_in_doubt(&look));
	round_trip_schedule_leave(&look);
}

#define TEST(name) cmocka_unit_test_teardown(name, leave_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_looks_at_a_time_and_the_others_in_their_order),
		TEST(who_has_seen_looks_now_and_then),
		TEST(where_sizes_do_not_tell_the_others_wait),
		TEST(who_leaves_lets_the_next_look),
		TEST(one_that_has_no_way_never_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
