"""An event loop that does nothing, as a yardstick: how late the machine itself lets a loop come to its turn.

``python -m cogs.practice.benchmark.idle`` prints the longest stall of every second, in milliseconds, until it is ended.
"""

import asyncio
import sys

from bot.pulse import Pulse


async def main() -> None:
    """Measure until ended."""
    pulse = Pulse()
    task = asyncio.create_task(pulse.run())
    while not task.done():
        await asyncio.sleep(1)
        sys.stdout.write(f"{pulse.take().stall_ms}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
