-- What stands on Acme's databases: the tables that the policy's entitlements name, and the accounts of the directory.
-- Run it once, as a superuser, on an empty database; both connectors of the policy may lead to it. It sets no passwords.

CREATE SCHEMA ledger;
CREATE TABLE ledger.accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE
);
CREATE TABLE ledger.entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account bigint NOT NULL REFERENCES ledger.accounts,
  amount_cents bigint NOT NULL,
  note text NOT NULL DEFAULT '',
  booked_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE ledger.settlements (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch date NOT NULL,
  state text NOT NULL DEFAULT 'open'
);
INSERT INTO ledger.accounts (name) VALUES ('merchants'), ('fees'), ('suspense');
INSERT INTO ledger.entries (account, amount_cents, note)
  VALUES (1, 125000, 'batch 4711'), (2, 2500, 'fee of batch 4711'), (3, -127500, 'stuck in suspense');
INSERT INTO ledger.settlements (batch) VALUES ('2026-11-30');

CREATE SCHEMA payments;
CREATE TABLE payments.transfers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  amount_cents bigint NOT NULL,
  state text NOT NULL DEFAULT 'held'
);
INSERT INTO payments.transfers (amount_cents) VALUES (99900), (10000);

CREATE SCHEMA deploy;
CREATE TABLE deploy.merges (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch text NOT NULL,
  revision text NOT NULL
);
CREATE TABLE deploy.releases (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  service text NOT NULL,
  revision text NOT NULL
);

CREATE SCHEMA erp;
CREATE TABLE erp.vendors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  bank_account text NOT NULL
);
CREATE TABLE erp.vendor_payments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vendor bigint NOT NULL REFERENCES erp.vendors,
  amount_cents bigint NOT NULL
);
CREATE TABLE erp.journal_approvals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  journal text NOT NULL
);

-- The cluster's wanted state; a controller carries it over.
CREATE SCHEMA cluster;
CREATE TABLE cluster.deployments (name text PRIMARY KEY, image text NOT NULL, replicas int NOT NULL);
CREATE TABLE cluster.role_bindings (subject text NOT NULL, role text NOT NULL, PRIMARY KEY (subject, role));

CREATE SCHEMA warehouse;
CREATE TABLE warehouse.customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE warehouse.customer_exports (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL
);

-- A ceiling: what is granted for corrections is never more than this role may do.
CREATE ROLE ledger_corrections;
GRANT USAGE ON SCHEMA ledger TO ledger_corrections;
GRANT SELECT, INSERT, UPDATE ON ledger.entries, ledger.accounts TO ledger_corrections;

-- What an emergency in settlement takes.
CREATE ROLE settlement_emergency;
GRANT USAGE ON SCHEMA ledger TO settlement_emergency;
GRANT SELECT, INSERT, UPDATE ON ledger.entries, ledger.settlements TO settlement_emergency;

-- Given as a whole.
CREATE ROLE warehouse_reader;
GRANT USAGE ON SCHEMA warehouse TO warehouse_reader;
GRANT SELECT ON warehouse.customers TO warehouse_reader;

-- Ledger and payments databases
CREATE ROLE priya_p LOGIN;
CREATE ROLE maria_p LOGIN;
CREATE ROLE tomas_p LOGIN;
CREATE ROLE aiko_p LOGIN;
CREATE ROLE kwame_p LOGIN;
CREATE ROLE lars_p LOGIN;
CREATE ROLE wei_p LOGIN;
CREATE ROLE nadia_p LOGIN;
CREATE ROLE nadia_night LOGIN;
CREATE ROLE diego_c LOGIN;
CREATE ROLE ivan_x LOGIN;
CREATE ROLE mei_x LOGIN;
CREATE ROLE settlement_bot LOGIN;
CREATE ROLE reconciliation_agent LOGIN;

-- Deploy pipeline and cluster
CREATE ROLE pavel_d LOGIN;
CREATE ROLE omar_d LOGIN;
CREATE ROLE release_pipeline LOGIN;

-- ERP
CREATE ROLE lucia_f LOGIN;
CREATE ROLE ewa_f LOGIN;
CREATE ROLE rashid_f LOGIN;
CREATE ROLE grace_f LOGIN;
CREATE ROLE pascal_f LOGIN;
CREATE ROLE linh_f LOGIN;

-- Warehouse
CREATE ROLE sofia_w LOGIN;
CREATE ROLE hyunwoo_w LOGIN;
CREATE ROLE arman_w LOGIN;
