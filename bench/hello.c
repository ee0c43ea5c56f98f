/* The least that libmicrohttpd can do: answers any request with so many bytes of HTML, made into
 * a response each time, with the daemon set up as in web/server.c. bench_hello PORT THREADS BYTES;
 * runs until it is killed. */
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *page;
static size_t page_len;

static enum MHD_Result
answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *data, size_t *size, void **memory)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)context;
	(void)url;
	(void)method;
	(void)version;
	(void)data;
	(void)size;
	if (*memory == NULL) { /* as in every example: the headers only say that there is a request */
		*memory = page;
		return MHD_YES;
	}
	response = MHD_create_response_from_buffer(page_len, page, MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return MHD_NO;
	(void)MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

int
main(int argc, char **argv)
{
	long port = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	long threads = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
	long bytes = argc == 4 ? strtol(argv[3], NULL, 10) : 0;

	if (port < 1 || port > 65535 || threads < 2 || threads > 64 || bytes < 1 || bytes > 1 << 26) {
		fprintf(stderr, "bench_hello PORT THREADS BYTES (2 to 64 threads)\n");
		return 2;
	}
	page_len = (size_t)bytes;
	page = malloc(page_len);
	if (page == NULL)
		return 1;
	memset(page, 'x', page_len);
	if (MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME,
	                     (uint16_t)port, NULL, NULL, answer, NULL,
	                     MHD_OPTION_CONNECTION_LIMIT, 1000u,
	                     MHD_OPTION_STRICT_FOR_CLIENT, 1,
	                     MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads, MHD_OPTION_END) == NULL) {
		fprintf(stderr, "bench_hello: port %ld can't be used\n", port);
		return 1;
	}
	for (;;)
		(void)pause();
}
