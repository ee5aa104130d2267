/*
 * `bridge mcp register`: tell Claude Code of this server, through its own
 * command where there is one, else in the project's .mcp.json.
 */
#include "cmd/context/command.h"
#include "cmd/ui/output.h"
#include "cmd/ui/write_file.h"
#include "schema/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char file[] = ".mcp.json";

/* Where the shell would find it, or NULL; malloc'd. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t length = strcspn(path, ":");
		AUTO(text) candidate = TEXT_INIT;
		struct stat status;

		text_append_bytes(&candidate, path, length);
		text_format(&candidate, "%s%s", length ? "/" : "./", name);
		if (!stat(candidate.data, &status) && S_ISREG(status.st_mode) &&
			!access(candidate.data, X_OK))
			return text_detach(&candidate);
		path += length + (path[length] == ':');
	}
	return NULL;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x;
	struct stat y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/*
 * How others call this program: a project's file is shared, so by name where
 * that finds us; else by our own path.
 */
static char *own_command(bool shared)
{
	char self[PATH_MAX] = "";
	AUTO_FREE char *found = find_program("bridge");
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0 || (shared && found && is_same_file(found, self)))
		return own_strdup("bridge");
	return own_strdup(self);
}

/* A project's file lies where the server will run; others may run anywhere. */
static void add_path(
	json_t *args, const char *option, const char *path, bool shared)
{
	AUTO_FREE char *whole = shared || !path ? NULL : realpath(path, NULL);

	if (!path)
		return;
	json_array_append_new(args, json_string(option));
	json_array_append_new(args, json_string(whole ? whole : path));
}

/* "mcp", and what this command was told of how to serve. */
static json_t *arguments(const struct options *options, bool shared)
{
	json_t *args = json_pack("[s]", "mcp");

	if (options->read_only)
		json_array_append_new(args, json_string("--read-only"));
	add_path(args, "--config", options->config, shared);
	add_path(args, "--catalog", options->catalog, shared);
	if (options->rev) {
		json_array_append_new(args, json_string("--rev"));
		json_array_append_new(args, json_string(options->rev));
	}
	return args;
}

static json_t *entry(const char *command, const json_t *args)
{
	return json_pack("{s:s, s:s, s:O}", "type", "stdio", "command", command,
		"args", args);
}

enum { MOST_WORDS = 16 };

/* What claude says goes to stderr: our answer is ours. Its exit status. */
static int run_claude(const char *claude, const char *const *words, bool quiet)
{
	const char *argv[MOST_WORDS + 3] = {claude, "mcp"};
	posix_spawn_file_actions_t actions;
	int status = -1;
	size_t count = 2;
	pid_t pid;

	for (; *words && count < MOST_WORDS + 2; words++)
		argv[count++] = *words;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (quiet) {
		posix_spawn_file_actions_addopen(
			&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
		posix_spawn_file_actions_addopen(
			&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	} else {
		posix_spawn_file_actions_adddup2(
			&actions, STDERR_FILENO, STDOUT_FILENO);
	}
	if (!posix_spawn(&pid, claude, &actions, NULL,
		    (char *const *)(uintptr_t)argv, environ))
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	posix_spawn_file_actions_destroy(&actions);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One that is there already is replaced: twice is no error. */
static enum exit_status tell_claude(const char *claude, const char *scope,
	const char *command, const json_t *args)
{
	const char *const removal[] = {
		"remove", "--scope", scope, "bridge", NULL};
	const char *adding[MOST_WORDS + 1] = {
		"add", "--scope", scope, "bridge", "--", command};
	size_t count = 6;
	bool replaced;
	size_t i;
	json_t *word;

	json_array_foreach(args, i, word) if (count < MOST_WORDS)
		adding[count++] = json_string_value(word);
	if (!run_claude(claude, adding, true))
		return EXIT_YES;
	replaced = !run_claude(claude, removal, true);
	if (!run_claude(claude, adding, false)) {
		output_note("what was registered before has been replaced");
		return EXIT_YES;
	}
	output_error("'%s mcp add' has failed%s; `bridge mcp register --print` "
		     "shows what to tell it",
		claude,
		replaced ? ", and what was registered before is gone" : "");
	return EXIT_UNABLE;
}

/* The file's object; an empty one where there is none. NULL after an error. */
static json_t *read_file(struct diags *diags)
{
	json_error_t error;
	json_t *json;

	if (access(file, F_OK))
		return json_object();
	json = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(json) &&
		(!json_object_get(json, "mcpServers") ||
			json_is_object(json_object_get(json, "mcpServers"))))
		return json;
	if (json)
		diag_error(diags, NULL, RULE_IO_READ,
			"'%s' is no object with mcpServers in it; it was left "
			"as it is",
			file);
	else
		diag_error(diags, NULL, RULE_IO_READ,
			"'%s' is no JSON (line %d: %s); it was left as it is",
			file, error.line, error.text);
	json_decref(json);
	return NULL;
}

/* Numbers of others come back as they were, as far as a double holds them. */
static char *dump(const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	json_auto_t *again = json_loads(text ? text : "", 0, NULL);

	if (json_equal(again, json))
		return text;
	free(text);
	return json_dumps(json, JSON_INDENT(2));
}

/* A server by our name that is not ours. */
static bool is_foreign(const json_t *server)
{
	const char *first = json_string_value(
		json_array_get(json_object_get(server, "args"), 0));

	return server && (!first || strcmp(first, "mcp") != 0);
}

/*
 * What an entry of ours has besides (its environment, --read-only) stays; its
 * arguments do unless this command was told others.
 */
static bool has_word(const json_t *args, const char *word)
{
	size_t i;
	json_t *one;

	json_array_foreach(args, i,
		one) if (json_is_string(one) &&
			 !strcmp(json_string_value(one), word)) return true;
	return false;
}

static enum exit_status merge(
	const char *command, json_t *args, struct diags *diags)
{
	json_auto_t *json = read_file(diags);
	json_t *servers = json_object_get(json, "mcpServers");
	json_t *server = json_object_get(servers, "bridge");
	json_auto_t *before = json_deep_copy(server);
	json_auto_t *ours = entry(command, args);
	AUTO(text) text = TEXT_INIT;
	AUTO_FREE char *content = NULL;

	if (!json)
		return EXIT_UNABLE;
	/* What was read-only does not become more by the way. */
	if (json_array_size(args) > 1 && !has_word(args, "--read-only") &&
		has_word(json_object_get(server, "args"), "--read-only"))
		json_array_insert_new(args, 1, json_string("--read-only"));
	if (is_foreign(server)) {
		diag_error(diags, NULL, RULE_IO_WRITE,
			"'%s' has another server called 'bridge'; it was left "
			"as it is",
			file);
		return EXIT_UNABLE;
	}
	if (!servers) {
		servers = json_object();
		json_object_set_new(json, "mcpServers", servers);
	}
	if (!server)
		json_object_set(servers, "bridge", ours);
	if (server && json_array_size(args) == 1)
		json_object_del(ours, "args");
	if (server)
		json_object_update(server, ours);
	if (before && json_equal(server, before)) {
		output_note("'%s' has it already", file);
		return EXIT_YES;
	}
	content = dump(json);
	text_format(&text, "%s\n", content);
	if (!write_file(file, &text, diags))
		return EXIT_UNABLE;
	output_note("'%s' tells of it now", file);
	return EXIT_YES;
}

/* A word as a shell reads it. */
static void print_word(const char *word)
{
	if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_./:@%+=,-")]) {
		printf(" %s", word);
		return;
	}
	printf(" '");
	for (; *word; word++)
		if (*word == '\'')
			printf("'\\''");
		else
			putchar(*word);
	putchar('\'');
}

static void print(const char *scope, const char *command, const json_t *args)
{
	json_t *json = json_pack(
		"{s:{s:o}}", "mcpServers", "bridge", entry(command, args));
	AUTO_FREE char *content = json_dumps(json, JSON_INDENT(2));
	size_t i;
	json_t *word;

	printf("# claude mcp add --scope %s bridge --", scope);
	print_word(command);
	json_array_foreach(args, i, word) print_word(json_string_value(word));
	printf("\n# or, in %s:\n%s\n", file, content);
	json_decref(json);
}

enum exit_status command_mcp_register(const struct options *options)
{
	const char *scope = options->scope ? options->scope : "local";
	bool shared = !strcmp(scope, "project");
	AUTO_FREE char *command = own_command(shared);
	AUTO_FREE char *claude = find_program("claude");
	json_auto_t *args = arguments(options, shared);
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (options->print && options->json) {
		output_json(entry(command, args));
		return EXIT_YES;
	}
	if (options->print) {
		print(scope, command, args);
		return EXIT_YES;
	}
	if (claude)
		return tell_claude(claude, scope, command, args);
	if (shared)
		status = merge(command, args, &diags);
	else
		output_error("there is no 'claude' here to tell; --scope "
			     "project writes %s, and --print shows what to "
			     "put elsewhere",
			file);
	output_diags(&diags, options->verbose);
	return status;
}
