#include "web/asset.h"

#include "web/assets.h"

const struct asset *
asset_find(struct str path)
{
	for (size_t i = 0; i < assets_len; i++)
		if (str_eq(assets[i].path, path))
			return &assets[i];
	return NULL;
}
