/*
 * `bridge manual PART`, which no help lists: the parts of the manuals that are
 * tables already, as mdoc(7). The build puts them where the sources in man/
 * say @PART@.
 */
#include "cmd/commands.h"
#include "cmd/context/command.h"
#include "cmd/mcp/tools.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "schema/embedded.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* No escape, and at the start of a line no macro. */
static void put_escaped(const char *text, size_t length, bool first)
{
	if (first && length && strchr(".'", *text))
		fputs("\\&", stdout);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else
			putchar(text[i]);
	}
}

enum { LINE_WIDTH = 78 };

static bool ends_sentence(const char *word, size_t length)
{
	return length && word[length - 1] == '.';
}

/* A line a sentence, as mdoc(7) wants it, and none too long. */
static void put_sentences(const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (column && column + 1 + length > LINE_WIDTH) {
			putchar('\n');
			column = 0;
		}
		if (column)
			putchar(' ');
		put_escaped(text, length, !column);
		column += length + (column > 0);
		if (ends_sentence(text, length) && text[length]) {
			putchar('\n');
			column = 0;
		}
		text += length;
		text += strspn(text, " ");
	}
	if (column)
		putchar('\n');
}

static void put_option(const struct option_row *row)
{
	printf(".It ");
	if (row->letter)
		printf("Fl %c , ", row->letter);
	printf("Fl Fl %s", row->name);
	if (row->argument)
		printf(" Ar %s", row->argument);
	putchar('\n');
	put_sentences(row->help);
}

static void put_options(uint32_t takes)
{
	puts(".Bl -tag -width Ds -compact");
	for (int id = 0; id < OPTION_IDS; id++)
		if (takes >> id & 1)
			put_option(&option_rows[id]);
	puts(".El");
}

static void put_command(const struct command *command)
{
	printf(".It Xo\n.Cm %s\n", command->name);
	if (command->takes)
		puts(".Op Ar option ...");
	if (*command->arguments)
		printf(".Ar %s\n", command->arguments);
	puts(".Xc");
	printf("%c%s.\n", command->summary[0] - 'a' + 'A',
		command->summary + 1);
	puts(".Pp");
	put_sentences(command->about);
	if (command->takes) {
		puts(".Pp");
		put_options(command->takes);
	}
	printf(".Bd -literal -offset indent\n%s\n.Ed\n", command->example);
}

static void put_commands(const char *unused)
{
	(void)unused;
	for (int part = 0; part < COMMAND_PARTS; part++) {
		printf(".Ss %s\n.Bl -tag -width Ds\n", command_parts[part]);
		for (size_t i = 0; i < command_count; i++)
			if ((int)commands[i].part == part)
				put_command(&commands[i]);
		puts(".El");
	}
}

static void put_everywhere(const char *unused)
{
	(void)unused;
	put_options(TAKES_EVERYWHERE);
}

/* "integer, 1 to 65535", as far as the schema says so in one place. */
static void put_type(const json_t *schema)
{
	const char *type = json_text(schema, "type");
	const json_t *least = json_object_get(schema, "minimum");
	const json_t *most = json_object_get(schema, "maximum");
	const json_t *choices = json_object_get(schema, "enum");
	const json_t *usual = json_object_get(schema, "default");
	const json_t *says = json_object_get(schema, "x-message");
	size_t i;
	json_t *choice;

	if (json_is_string(says))
		printf("It is %s.\n", json_string_value(says));
	else if (type && json_is_number(least) && json_is_number(most))
		printf("%s, from %g to %g.\n",
			strcmp(type, "integer") ? "A number" : "An integer",
			json_number_value(least), json_number_value(most));
	if (choices) {
		fputs("One of", stdout);
		json_array_foreach(choices, i, choice) printf(
			"%s %s", i ? "," : "", json_string_value(choice));
		puts(".");
	}
	if (usual) {
		AUTO_FREE char *dump = json_dumps(usual, JSON_ENCODE_ANY);

		printf("The default is\n.Li %s .\n", dump);
	}
}

static void put_keys_of(const json_t *schema, const char *before)
{
	const json_t *properties = json_object_get(schema, "properties");
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)properties, key, value)
	{
		const char *about = json_text(value, "description");
		AUTO(text) name = TEXT_INIT;

		text_format(&name, "%s%s", before, key);
		printf(".It Cm %s\n", name.data);
		put_sentences(about ? about : "");
		put_type(value);
		text_append_char(&name, '.');
		put_keys_of(value, name.data);
	}
}

static void put_keys(const char *name)
{
	for (int kind = 0; kind < DOCUMENT_KINDS; kind++) {
		const struct source *source = embedded_schema(
			(enum document_kind)kind);
		json_auto_t *schema = NULL;

		if (strcmp(document_kind_name((enum document_kind)kind), name))
			continue;
		schema = json_loadb(source->bytes, source->length, 0, NULL);
		puts(".Bl -tag -width Ds");
		put_keys_of(schema, "");
		puts(".El");
	}
}

static void put_rules(const char *unused)
{
	(void)unused;
	puts(".Bl -tag -width Ds -compact");
	for (int rule = 0; rule < RULE_COUNT; rule++) {
		printf(".It Cm %s\n", rule_rows[rule].id);
		put_sentences(rule_rows[rule].title);
	}
	puts(".El");
}

static void put_tools(const char *unused)
{
	(void)unused;
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < tool_count; i++) {
		const json_t *definition = tool_definition(&tools[i]);
		const json_t *arguments = json_object_get(
			json_object_get(definition, "inputSchema"),
			"properties");
		const char *name;
		json_t *argument;

		printf(".It Fn %s", tools[i].name);
		json_object_foreach((json_t *)(uintptr_t)arguments, name,
			argument) printf(" %s", name);
		putchar('\n');
		put_sentences(json_text(definition, "description"));
		json_object_foreach(
			(json_t *)(uintptr_t)arguments, name, argument)
		{
			printf(".Pp\n.Fa %s :\n", name);
			put_sentences(json_text(argument, "description"));
		}
	}
	puts(".El");
}

enum exit_status command_manual(const struct options *options)
{
	static const struct {
		const char *part;
		void (*put)(const char *argument);
	} parts[] = {{"commands", put_commands}, {"options", put_everywhere},
		{"keys", put_keys}, {"rules", put_rules}, {"tools", put_tools}};
	const char *part = options->arguments[0];
	const char *argument = options->count > 1 ? options->arguments[1] : "";

	for (size_t i = 0; i < COUNT(parts); i++)
		if (!strcmp(parts[i].part, part)) {
			parts[i].put(argument);
			return EXIT_YES;
		}
	output_error("no part of a manual is called '%s'", part);
	return EXIT_USAGE;
}
