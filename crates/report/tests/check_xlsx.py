"""Reads a workbook with openpyxl and prints what a stranger finds in it, as JSON.

Usage: check_xlsx.py FILE.xlsx

For each sheet: every cell with a value, every picture with its anchor, and the page set-up.
openpyxl finds pictures only when Pillow is installed, so both are asked for at the start.
"""

import json
import sys
import zipfile
import xml.etree.ElementTree as ET

import openpyxl
import PIL  # noqa: F401  (without it openpyxl reports no pictures at all)
from openpyxl.drawing.spreadsheet_drawing import TwoCellAnchor


def picture(image):
    anchor = image.anchor
    two_cell = isinstance(anchor, TwoCellAnchor)
    found = {
        "anchor": type(anchor).__name__,
        # ECMA-376 part 1, 20.5.2.33: an absent editAs means twoCell.
        "edit_as": (anchor.editAs or "twoCell") if two_cell else None,
        "from": [anchor._from.row, anchor._from.col],
        "format": image.format,
        "px": [image.width, image.height],
    }
    if two_cell:
        found["to"] = [anchor.to.row, anchor.to.col]
        found["shown_emu"] = [
            anchor.to.colOff - anchor._from.colOff,
            anchor.to.rowOff - anchor._from.rowOff,
        ]
    return found


def sheet(ws):
    cells = []
    for row in ws.iter_rows():
        for cell in row:
            if cell.value is not None:
                cells.append(
                    {
                        "row": cell.row - 1,
                        "col": cell.column - 1,
                        "value": cell.value,
                        "type": cell.data_type,
                        "text_mark": bool(cell.quotePrefix),
                    }
                )
    return {
        "name": ws.title,
        "cells": cells,
        "pictures": [picture(image) for image in ws._images],
        "merged": sorted(str(r) for r in ws.merged_cells.ranges),
        "freeze": ws.freeze_panes,
        "landscape": ws.page_setup.orientation == "landscape",
        "paper": ws.page_setup.paperSize,
        # One page is the default and then not written; 0 is as many as it takes.
        "fit": [
            1 if n is None else n
            for n in (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight)
        ],
        "repeat_rows": (ws.print_title_rows or "").replace("$", ""),
        "repeat_cols": (ws.print_title_cols or "").replace("$", ""),
        "print_area": ws.print_area,
        "footer_left": ws.oddFooter.left.text,
        "tallest_pt": max((d.height or 0 for d in ws.row_dimensions.values()), default=0),
    }


def main(path):
    with zipfile.ZipFile(path) as parts:
        names = parts.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                ET.fromstring(parts.read(name))
    book = openpyxl.load_workbook(path)
    properties = book.properties
    print(
        json.dumps(
            {
                "sheets": [sheet(ws) for ws in book.worksheets],
                "media": len([n for n in names if n.startswith("xl/media/")]),
                "rich_values": len([n for n in names if "richData" in n]),
                "title": properties.title,
                "creator": properties.creator,
                "created": properties.created.isoformat(),
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
