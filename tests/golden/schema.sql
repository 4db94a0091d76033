CREATE INDEX ix_appearance_group_id ON appearance (group_id);

CREATE INDEX ix_appearance_span ON appearance (video_id, start);

CREATE INDEX ix_clip_span ON clip (video_id, start, "end");

CREATE INDEX ix_cue_span ON cue (video_id, start, "end");

CREATE INDEX ix_job_state ON job (state);

CREATE INDEX ix_overruled_segment_video_id ON overruled_segment (video_id);

CREATE INDEX ix_segment_span ON segment (video_id, start, "end");

CREATE INDEX ix_segment_tag ON segment (kind, label, video_id);

CREATE INDEX ix_video_fingerprint ON video (fingerprint);

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE appearance (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	video_id INTEGER NOT NULL, 
	group_id INTEGER, 
	start DOUBLE NOT NULL, 
	"end" DOUBLE NOT NULL, 
	feature BLOB NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	FOREIGN KEY(group_id) REFERENCES appearance_group (id), 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE
);

CREATE TABLE appearance_group (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	names VARCHAR NOT NULL
);

CREATE TABLE clip (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	video_id INTEGER NOT NULL, 
	start DOUBLE NOT NULL, 
	"end" DOUBLE NOT NULL, 
	vector BLOB NOT NULL, 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE
);

CREATE TABLE cue (
	id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	start DOUBLE NOT NULL, 
	"end" DOUBLE NOT NULL, 
	words VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE
);

CREATE VIRTUAL TABLE cue_words USING fts5(words, content='cue', content_rowid='id', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE cut (
	video_id INTEGER NOT NULL, 
	at DOUBLE NOT NULL, 
	PRIMARY KEY (video_id, at), 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE
);

CREATE TABLE job (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	about VARCHAR NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	cancel_asked BOOLEAN NOT NULL, 
	attempts INTEGER NOT NULL, 
	share DOUBLE, 
	words VARCHAR NOT NULL, 
	counts VARCHAR NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	reason VARCHAR NOT NULL, 
	cure VARCHAR NOT NULL, 
	created_at DOUBLE NOT NULL, 
	started_at DOUBLE, 
	ended_at DOUBLE
);

CREATE TABLE meta (
	"key" VARCHAR(64) NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);

CREATE TABLE naming_step (
	id INTEGER NOT NULL, 
	words VARCHAR NOT NULL, 
	back VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);

CREATE TABLE overruled_segment (
	id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	label VARCHAR(128) NOT NULL, 
	start DOUBLE NOT NULL, 
	"end" DOUBLE NOT NULL, 
	score DOUBLE NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE
);

CREATE TABLE root (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	missing BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (path)
);

CREATE TABLE saved_search (
	name VARCHAR(200) NOT NULL, 
	question VARCHAR NOT NULL, 
	added_at DOUBLE NOT NULL, 
	ran_at DOUBLE, 
	newest_clip INTEGER NOT NULL, 
	PRIMARY KEY (name)
);

CREATE TABLE segment (
	id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	label VARCHAR(128) NOT NULL, 
	start DOUBLE NOT NULL, 
	"end" DOUBLE NOT NULL, 
	score DOUBLE NOT NULL, source VARCHAR(8) DEFAULT 'model' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE
);

CREATE TABLE thumbnail (
	clip_id INTEGER NOT NULL, 
	jpeg BLOB NOT NULL, 
	PRIMARY KEY (clip_id), 
	FOREIGN KEY(clip_id) REFERENCES clip (id) ON DELETE CASCADE
);

CREATE TABLE track (
	id INTEGER NOT NULL, 
	video_id INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	labels VARCHAR NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	step DOUBLE NOT NULL, 
	span DOUBLE NOT NULL, 
	rows INTEGER NOT NULL, 
	scores BLOB NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(video_id) REFERENCES video (id) ON DELETE CASCADE, 
	UNIQUE (video_id, kind)
);

CREATE TABLE video (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	root_id INTEGER NOT NULL, 
	relpath VARCHAR NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	missing BOOLEAN NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	reason VARCHAR NOT NULL, 
	recipe VARCHAR NOT NULL, 
	duration DOUBLE NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	fps DOUBLE NOT NULL, 
	codec VARCHAR(32) NOT NULL, 
	container VARCHAR(64) NOT NULL, 
	added_at DOUBLE NOT NULL, taken_at DOUBLE, 
	FOREIGN KEY(root_id) REFERENCES root (id) ON DELETE CASCADE, 
	UNIQUE (root_id, relpath)
);

CREATE TRIGGER cue_added AFTER INSERT ON cue BEGIN INSERT INTO cue_words(rowid, words) VALUES (new.id, new.words); END;

CREATE TRIGGER cue_removed AFTER DELETE ON cue BEGIN INSERT INTO cue_words(cue_words, rowid, words) VALUES ('delete', old.id, old.words); END;
