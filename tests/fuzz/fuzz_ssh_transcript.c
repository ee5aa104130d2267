/*
 * What an ssh tells with -v, as `bridge doctor` reads it: whatever it is, what
 * is shown of it is short and harmless.
 */
#include "tests/fuzz/fuzz.h"

#include "cmd/doctor/ssh_transcript.h"
#include "schema/base/alloc.h"

static void check(const char *word)
{
	fuzz_check_word(word, SSH_TRANSCRIPT_MAX_FACT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO_FREE char *text = own_strndup((const char *)bytes, length);
	struct ssh_transcript transcript;

	ssh_transcript_read(&transcript, text);
	check(transcript.software);
	check(transcript.fingerprint);
	check(transcript.found_in);
	check(transcript.offending);
	check(transcript.jump_refused);
	check(transcript.options);
	check(transcript.refusal);
	check(transcript.said);
	REQUIRE(!transcript.forced_command || transcript.options_seen);
	REQUIRE(!*transcript.fingerprint || transcript.key_seen);
	return 0;
}
