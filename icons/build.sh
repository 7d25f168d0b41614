#!/bin/sh
# Draws the PNGs and the ICO from icon.svg, with Chromium (it knows SVG well) and ImageMagick.
set -eu
cd "$(dirname "$0")"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
page=$(mktemp --suffix .html)
trap 'rm -f "$page"' EXIT
draw() { # size, file
  printf '<style>*{margin:0}svg{display:block;width:%spx;height:%spx}</style>' "$1" "$1" >"$page"
  cat icon.svg >>"$page"
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
    --default-background-color=00000000 --window-size="$1,$1" --screenshot="$2" "file://$page" 2>/dev/null
}
draw 512 icon.png
# Headless windows have a smallest size, so the others are reduced from the large one.
for size in 32 128 256; do convert icon.png -filter Lanczos -resize "${size}x$size" -strip "PNG32:$size.png"; done
convert 256.png -define icon:auto-resize=256,128,64,48,32,16 icon.ico
mv 32.png 32x32.png
mv 128.png 128x128.png
mv 256.png 128x128@2x.png
