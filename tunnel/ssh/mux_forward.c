#include "tunnel/ssh/mux_forward.h"

#include "tunnel/ssh/argv.h"

struct mux_forward mux_forward_of(const struct bridge *bridge)
{
	bool is_socket = bridge->local_host[0] == '/';

	return (struct mux_forward){
		.direction = MUX_REMOTE,
		.listen_host = bridge->remote_bind,
		.listen_port = bridge->remote_port,
		.connect_host = bridge->local_host,
		.connect_port = is_socket ? MUX_UNIX_SOCKET
					  : bridge->local_port,
	};
}

struct mux_forward mux_forward_for_health(
	const struct bridge *bridge, struct text *path)
{
	text_format(path, "./.%s.health", bridge->name);
	return (struct mux_forward){
		.direction = MUX_LOCAL,
		.listen_host = path->data,
		.listen_port = MUX_UNIX_SOCKET,
		.connect_host = ssh_health_host(bridge),
		.connect_port = bridge->remote_port,
	};
}
