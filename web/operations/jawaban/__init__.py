"""The path on which answers are recorded at speed: those of one moment share one transaction.

A request waits in a queue (`writer`) until the batch before it is stored. A batch locks its
sittings, judges each request by itself (`judging`), stores all their events at once (`postgres`,
`sqlite`), and only then replies. What decides the next item is kept in memory (`cache`), and used
only where the locked row says that nothing has happened since. Whatever is not an ordinary move of
an adaptive sitting is passed on to the ordinary way, `web.operations.sittings`.
"""
