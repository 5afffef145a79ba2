-- When it became known that a household stands no more: before that instant it stood, whichever day was written down.
alter table households add column closed_at text;
