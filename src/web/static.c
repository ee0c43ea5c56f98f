/* Assets, and the address that a monitor asks whether the server is well. */
#include "web/asset.h"
#include "web/request.h"

static void
page_asset(struct request *req)
{
	const struct asset *asset = asset_find(req->path);

	if (asset == NULL) {
		page_status(req, NOT_FOUND);
		return;
	}
	page_file(req, asset->type.ptr, NULL, asset->bytes);
	req->response->immutable = true;
}

/* The database was read on the way here. */
static void
page_health(struct request *req)
{
	page_file(req, "text/plain; charset=utf-8", NULL, STR("well\n"));
}

const struct route routes_static[] = {
	{ .method = METHOD_GET, .path = "/assets/{name}", .right = RIGHT_READ, .page = page_asset,
	  .fresh = true },
	{ .method = METHOD_GET, .path = "/healthz", .right = RIGHT_READ, .page = page_health,
	  .fresh = true },
	{ .path = NULL },
};
