/*
 * What an ssh tells with -v, as `bridge doctor` reads it: whatever it is, what
 * is shown of it is short and harmless.
 */
#include "tests/fuzz/fuzz.h"

#include "cmd/doctor/ssh_transcript.h"
#include "schema/base/alloc.h"

static void check(const char *word)
{
	fuzz_check_word(word, STORY_MAX_FACT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO_FREE char *text = own_strndup((const char *)bytes, length);
	struct story story;

	story_read(&story, text);
	check(story.software);
	check(story.fingerprint);
	check(story.found_in);
	check(story.offending);
	check(story.jump_refused);
	check(story.options);
	check(story.refusal);
	check(story.said);
	REQUIRE(!story.forced_command || story.options_seen);
	REQUIRE(!*story.fingerprint || story.key_seen);
	return 0;
}
