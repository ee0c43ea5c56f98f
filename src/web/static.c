/* Assets: what is embedded in the program. */
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

const struct route routes_static[] = {
	{ .method = METHOD_GET, .path = "/assets/{name}", .right = RIGHT_READ, .page = page_asset,
	  .fresh = true },
	{ .path = NULL },
};
