#include "catalog/git/shell_quote.h"

#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_-./:@%+=,";

void shell_quote(struct text *command, const char *word)
{
	if (*word && !word[strspn(word, plain)]) {
		text_append(command, word);
		return;
	}
	text_append_char(command, '\'');
	for (; *word; word++)
		if (*word == '\'')
			text_append(command, "'\\''");
		else
			text_append_char(command, *word);
	text_append_char(command, '\'');
}
